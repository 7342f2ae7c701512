import type { Tracer } from '@essaim/runtime';

/** What a tracer did: executions, and the seconds that they took one after the other. */
export interface Timing {
  executions: number;
  seconds: number;
}

/** The same tracer, whose executions are counted and timed. */
export function timed(trace: Tracer): { trace: Tracer; timing: Timing } {
  const timing: Timing = { executions: 0, seconds: 0 };
  const measured = new Proxy(trace, {
    async apply(target, self, given: Parameters<Tracer>) {
      const began = performance.now();
      const traced = await Reflect.apply(target, self, given);
      timing.executions++;
      timing.seconds += (performance.now() - began) / 1_000;
      return traced;
    },
  });
  return { trace: measured, timing };
}
