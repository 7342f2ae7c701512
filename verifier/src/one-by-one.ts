import type { Tracer } from '@essaim/runtime';

/** Executions take turns: one session runs one input at a time. */
export function oneByOne(trace: Tracer): Tracer {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return Object.assign((...execution: Parameters<Tracer>) => inTurn(() => trace(...execution)), {
    remake: (...segment: Parameters<Tracer['remake']>) => inTurn(() => trace.remake(...segment)),
  });
}
