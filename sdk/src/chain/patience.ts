import { pause } from './wait.ts';

export interface PatienceOptions {
  /** First pause between two tries, in milliseconds; doubles up to 10 seconds. */
  interval: number;
  /** How long failures are borne, in milliseconds. */
  patience: number;
  signal?: AbortSignal;
  /** Failures that another try may heal; others are thrown at once. Default: all. */
  passing?: (error: unknown) => boolean;
}

const LONGEST_PAUSE = 10_000;

/** Tries `work` again while it fails, for as long as patience lasts; then its last error is thrown. */
export async function patiently<T>(work: () => Promise<T>, options: PatienceOptions): Promise<T> {
  const { interval, patience, signal, passing = () => true } = options;
  const began = performance.now();
  for (let wait = interval; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted || !passing(error) || performance.now() - began + wait > patience) throw error;
    }
    await pause(wait, signal);
  }
}
