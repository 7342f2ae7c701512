import { StorageError } from './errors.ts';
import { DEFAULT_TIMEOUT_MS, type WaitOptions } from './storage.ts';

/** The longest wait a timer can hold, 24 days; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Runs `work` under a signal that aborts with the caller's or when the time is up, and names the reason: the caller's
 * own reason, or STORAGE_TIMEOUT. Other failures pass through.
 */
export async function withDeadline<T>(
  what: string,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const done = new AbortController();
  const timer = setTimeout(
    () => done.abort(new DOMException('time is up', 'TimeoutError')),
    Math.min(timeoutMs, LONGEST_MS),
  );
  const onAbort = () => done.abort(signal!.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(done.signal), aborted(done.signal)]);
  } catch (cause) {
    signal?.throwIfAborted();
    if (!done.signal.aborted) throw cause;
    throw new StorageError('STORAGE_TIMEOUT', `${what} took longer than ${timeoutMs} ms`, {
      help: 'The content may have no reachable holder. Try again, or pass a larger timeoutMs.',
      cause,
      details: { timeoutMs },
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    done.abort();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
