import type { Tracer } from '@essaim/runtime';

/** What a tracer did: executions, and the seconds that they took one after the other. */
export interface Timing {
  executions: number;
  seconds: number;
}

/**
 * The same tracer, whose executions are counted and timed in `timing`, and leave themselves to others no longer than until
 * `latest`, in milliseconds since 1970.
 */
export function timed(trace: Tracer, timing: Timing, latest = Number.POSITIVE_INFINITY): Tracer {
  return new Proxy(trace, {
    async apply(target, self, [program, onnx, inputs, known, within = {}]: Parameters<Tracer>) {
      const began = performance.now();
      const until = Math.min(within.until ?? latest, latest);
      const bounded = Number.isFinite(until) ? { ...within, until } : within;
      const traced = await Reflect.apply(target, self, [program, onnx, inputs, known, bounded]);
      timing.executions++;
      timing.seconds += (performance.now() - began) / 1_000;
      return traced;
    },
  });
}
