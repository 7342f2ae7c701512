/** How several are asked for the same. */
export interface Racing<S> {
  /** The best first. */
  readonly sources: readonly S[];
  /** Milliseconds after which the next is asked too. */
  readonly lateAfter: number;
  readonly signal: AbortSignal;
}

/**
 * What the first source gives that gives anything: each is asked when the one before it fails or is late, and all others
 * are let go then. Where none does, what the first one failed with.
 */
export function firstOf<S, T>(
  { sources, lateAfter, signal }: Racing<S>,
  read: (source: S, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (sources.length === 1) return read(sources[0], signal);
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const failures = new Map<number, unknown>();
    let next = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      over.abort();
      settle();
    };
    const stop = (): void => end(() => reject(signal.reason));
    const start = (): void => {
      clearTimeout(timer);
      if (next >= sources.length || over.signal.aborted) return;
      const at = next++;
      timer = setTimeout(start, lateAfter);
      read(sources[at], over.signal).then(
        (found) => end(() => resolve(found)),
        (failure) => {
          failures.set(at, failure);
          if (failures.size === sources.length) end(() => reject(failures.get(0)));
          else start();
        },
      );
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    start();
  });
}
