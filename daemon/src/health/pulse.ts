import { type Beat, observeCycles } from '@essaim/sdk/node';
import type { Metrics } from '../metrics/metrics.ts';
import type { Begin } from '../until-there.ts';

interface Loop {
  readonly part: string;
  /** When it last ended well, or began to be watched; in milliseconds. */
  alive: number;
  /** How its last cycle ended; undefined before the first. */
  succeeded?: boolean;
}

/** Knows of every part of a daemon whether its cycles still end. */
export class Pulse {
  readonly #limit: number;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  #loops: Loop[] = [];

  /** @param limit milliseconds within which a cycle has to end well */
  constructor(limit: number, metrics: Metrics, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#metrics = metrics;
    this.#now = now;
  }

  /** A signal for one part, aborted with `signal`: the cycles of every watch under it are felt here. */
  feel(part: string, signal: AbortSignal): AbortSignal {
    const own = AbortSignal.any([signal]);
    observeCycles(own, () => this.#beat(part));
    return own;
  }

  /** Has this be unready while something is waited for that every part needs. */
  expecting(what: string, begin: Begin): Begin {
    return (work) => {
      this.#beat(what);
      return begin(work).finally(() => this.forget(what));
    };
  }

  /** A part has ended: nothing is expected of it any more. */
  forget(part: string): void {
    this.#loops = this.#loops.filter((loop) => loop.part !== part);
  }

  /** Parts of which a cycle did not end well within the limit. */
  stalled(): string[] {
    const since = this.#now() - this.#limit;
    return [...new Set(this.#loops.filter(({ alive }) => alive < since).map(({ part }) => part))];
  }

  /** Parts whose last cycle failed, or whose first has not ended yet. */
  unready(): string[] {
    return [...new Set(this.#loops.filter(({ succeeded }) => !succeeded).map(({ part }) => part))];
  }

  #beat(part: string): Beat {
    const loop: Loop = { part, alive: this.#now() };
    this.#loops.push(loop);
    let began = this.#now();
    return {
      began: () => {
        began = this.#now();
      },
      ended: (succeeded) => {
        loop.succeeded = succeeded;
        if (succeeded) {
          loop.alive = this.#now();
          this.#metrics.set('essaim_last_success_timestamp_seconds', Date.now() / 1_000, { part });
        }
        this.#metrics.observe('essaim_cycle_seconds', (this.#now() - began) / 1_000, { part });
        this.#metrics.add('essaim_cycles_total', 1, { part, result: succeeded ? 'ok' : 'failed' });
      },
    };
  }
}
