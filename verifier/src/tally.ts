import type { VerifierEvent } from './events.ts';

/** Verdicts that are kept: more than any window has jobs on one machine. */
const MOST = 100_000;

/** What a verifier found of which job, for a monitor to compare with the chain. Made again from the chain after a restart. */
export class Tally {
  readonly #found = new Map<string, string>();

  /** Notes what an event says of a job. */
  note(event: VerifierEvent): void {
    if (!('jobId' in event) || typeof event.jobId !== 'string') return;
    if (!['checked', 'convicted', 'lost', 'over', 'forgone', 'spared'].includes(event.event)) return;
    this.#found.set(event.jobId, event.event);
    if (this.#found.size > MOST) this.#found.delete(this.#found.keys().next().value!);
  }

  /** Verdicts by job. */
  page = (): Record<string, string> => Object.fromEntries(this.#found);
}
