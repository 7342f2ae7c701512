/** Resolves after `ms` milliseconds, rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Polls `look` until it gives something other than undefined; backs off from `interval` to `8 × interval`. */
export async function until<T>(
  look: () => Promise<T | undefined>,
  { interval, signal }: { interval: number; signal?: AbortSignal },
): Promise<T> {
  for (let wait = interval; ; wait = Math.min(wait * 1.5, 8 * interval)) {
    signal?.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    await pause(wait, signal);
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it is aborted; `work` is then left alone. */
export function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
