/** What may end a wait before its time. */
export interface Limits {
  signals: readonly (AbortSignal | undefined)[];
  /** Milliseconds; none: no limit. */
  timeout?: number;
}

/** The longest wait a timer can hold, 24 days. */
const LONGEST = 2 ** 31 - 1;

/** One signal out of several and a timeout. `free` takes its timer and its listeners away. */
export function limit({ signals, timeout }: Limits): { signal: AbortSignal; free(): void } {
  const controller = new AbortController();
  const sources = signals.filter((signal) => signal !== undefined);
  const abort = (event: Event) => controller.abort((event.target as AbortSignal).reason);
  for (const source of sources) {
    if (source.aborted) controller.abort(source.reason);
    else source.addEventListener('abort', abort, { once: true });
  }
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(
          () => controller.abort(new DOMException(`no end within ${timeout} ms`, 'TimeoutError')),
          Math.min(timeout, LONGEST),
        );
  return {
    signal: controller.signal,
    free() {
      clearTimeout(timer);
      for (const source of sources) source.removeEventListener('abort', abort);
    },
  };
}
