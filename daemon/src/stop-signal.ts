/** Milliseconds after which a daemon that was told to stop is stopped. */
const LINGER = 5_000;

/** A signal that SIGINT and SIGTERM abort; what has not stopped soon after is stopped with the process. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      setTimeout(() => process.exit(0), LINGER).unref();
      stop.abort(new DOMException(`told to stop by ${name}`, 'AbortError'));
    });
  }
  return stop.signal;
}
