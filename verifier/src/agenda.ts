import { describeFailure, isPassing } from '@essaim/sdk/node';
import type { Block } from 'ethers';
import { Backlog, type Due } from './backlog.ts';
import { Forgone } from './consent.ts';
import type { Told, VerifierEvent } from './events.ts';
import type { Places, Rest } from './places.ts';
import type { Eye } from './policy/eye.ts';
import { SealedToOthers } from './sealed/contents.ts';

/** A check of something that was submitted. */
export interface Check {
  readonly told: Told;
  /** Where it is done. */
  readonly places: Places;
  /** What fails for a passing reason is done again. */
  work(rest: Rest, signal?: AbortSignal): Promise<void>;
}

interface Parts {
  readonly eye: Pick<Eye, 'waiting'>;
  /** Executions at once. */
  readonly width: number;
  readonly say: (event: VerifierEvent) => void;
  /** Milliseconds after a first failure. */
  readonly firstPause: number;
}

/** All checks that wait, of jobs and of rounds, begun in the order in which they have to be, as places are free. */
export class Agenda {
  readonly #parts: Parts;
  readonly #waiting: Backlog<Check>;
  readonly #busy = new Map<string, Promise<void>>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#waiting = new Backlog(parts.firstPause);
  }

  add(key: string, check: Check, due: Due): void {
    this.#waiting.add(key, check, due);
  }

  /** Begins what comes first; names what cannot be reached in time. */
  begin(head: Pick<Block, 'timestamp'>, signal?: AbortSignal): void {
    const { eye, width, say } = this.#parts;
    const { order, unreached } = this.#waiting.plan(head.timestamp, width);
    eye.waiting(this.#waiting.size, this.#waiting.slack(head.timestamp));
    for (const [, { told }, { end, cost }] of unreached)
      say({ event: 'unreached', ...told, left: end - head.timestamp, takes: cost });
    for (const [key, check] of order) {
      if (signal?.aborted) return;
      if (this.#busy.has(key) || !check.places.isFree) continue;
      const done = this.now(key, check, signal);
      this.#busy.set(
        key,
        done.finally(() => this.#busy.delete(key)),
      );
    }
  }

  /** Does a check whatever its turn. */
  now(key: string, { told, places, work }: Check, signal?: AbortSignal): Promise<void> {
    const { say } = this.#parts;
    return places.hold(async (rest) => {
      try {
        await work(rest, signal);
        this.#waiting.delete(key);
      } catch (error) {
        if (signal?.aborted) return;
        const isAgain = !(error instanceof Forgone || error instanceof SealedToOthers) && isPassing(error);
        if (error instanceof Forgone) say({ event: 'forgone', ...told, deed: error.deed.kind, why: error.deed.why });
        else if (error instanceof SealedToOthers) say({ event: 'sealed', ...told });
        else say({ event: isAgain ? 'retrying' : 'failed', ...told, ...describeFailure(error) });
        if (isAgain) this.#waiting.postpone(key);
        else this.#waiting.delete(key);
      }
    });
  }

  /** Settles when everything begun is done. */
  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy.values());
  }
}
