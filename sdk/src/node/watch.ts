import { pause, unlessAborted } from '../chain/wait.ts';
import { describeFailure, type Failure } from './failure.ts';

const LONGEST_PAUSE = 30_000;

/** Repeats `cycle` every `interval` milliseconds until the signal is aborted, ever more seldom while it fails. */
export async function watch(
  cycle: (signal: AbortSignal) => Promise<void>,
  interval: number,
  signal: AbortSignal,
  onFailure: (failure: Failure) => void,
): Promise<void> {
  for (let wait = interval; !signal.aborted; ) {
    try {
      await unlessAborted(cycle(signal), signal);
      wait = interval;
    } catch (error) {
      if (signal.aborted) return;
      onFailure(describeFailure(error));
      wait = Math.min(2 * wait, LONGEST_PAUSE);
    }
    await pause(wait, signal).catch(() => undefined);
  }
}
