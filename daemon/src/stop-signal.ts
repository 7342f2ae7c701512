/** Milliseconds after which a daemon that was told to stop now is stopped. */
const LINGER = 5_000;

/** How a daemon is told to stop. */
export interface Stop {
  /** Everything is to end now. */
  readonly now: AbortSignal;
  /**
   * Has the first SIGINT or SIGTERM abort only what this returns: what was begun may be ended then, and `end` is called
   * after it. A second one stops now. Without it the first does.
   */
  gracefully(): AbortSignal;
  /** As the first signal would. */
  leave(why: string): void;
  end(why: string): void;
}

/** A stop by SIGINT and SIGTERM; what has not stopped soon after being told to stop now is stopped with the process. */
export function stopSignal(): Stop {
  const leaving = new AbortController();
  const now = new AbortController();
  let isGraceful = false;
  const reason = (why: string) => new DOMException(why, 'AbortError');
  const end = (why: string): void => {
    setTimeout(() => process.exit(0), LINGER).unref();
    leaving.abort(reason(why));
    now.abort(reason(why));
  };
  const leave = (why: string): void => (isGraceful ? leaving.abort(reason(why)) : end(why));
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (now.signal.aborted) process.exit(0);
      (leaving.signal.aborted ? end : leave)(`told to stop by ${name}`);
    });
  }
  return {
    ...{ now: now.signal, leave, end },
    gracefully() {
      isGraceful = true;
      return leaving.signal;
    },
  };
}
