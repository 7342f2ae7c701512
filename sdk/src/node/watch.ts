import { pause, unlessAborted } from '../chain/wait.ts';
import { describeFailure, type Failure } from './failure.ts';

const LONGEST_PAUSE = 30_000;

/** Is told of each cycle of one `watch`. */
export interface Beat {
  began(): void;
  ended(succeeded: boolean): void;
}

const observers = new WeakMap<AbortSignal, () => Beat>();

/** Has every `watch` with this signal tell of its cycles; `observe` is called once for each watch. */
export function observeCycles(signal: AbortSignal, observe: () => Beat): void {
  observers.set(signal, observe);
}

/** Repeats `cycle` every `interval` milliseconds until the signal is aborted, ever more seldom while it fails. */
export async function watch(
  cycle: (signal: AbortSignal) => Promise<void>,
  interval: number,
  signal: AbortSignal,
  onFailure: (failure: Failure) => void,
): Promise<void> {
  const beat = observers.get(signal)?.();
  for (let wait = interval; !signal.aborted; ) {
    try {
      beat?.began();
      await unlessAborted(cycle(signal), signal);
      beat?.ended(true);
      wait = interval;
    } catch (error) {
      if (signal.aborted) return;
      beat?.ended(false);
      onFailure(describeFailure(error));
      wait = Math.min(2 * wait, LONGEST_PAUSE);
    }
    await pause(wait, signal).catch(() => undefined);
  }
}
