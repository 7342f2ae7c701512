import type { VerifierEvent } from './events.ts';

/** Verdicts that are kept: more than any window has jobs on one machine. */
const MOST = 100_000;

/** What a verifier found of which job, or of which batch of a round, for a monitor to compare with the chain. Made again from the chain after a restart. */
export class Tally {
  readonly #found = new Map<string, string>();

  /** Notes what an event says of a job or of a round. */
  note(event: VerifierEvent): void {
    const about = 'jobId' in event ? event.jobId : 'batchId' in event ? event.batchId : undefined;
    if (typeof about !== 'string') return;
    if (!['checked', 'convicted', 'collected', 'lost', 'over', 'forgone', 'spared', 'sealed'].includes(event.event))
      return;
    this.#found.set(about, event.event);
    if (this.#found.size > MOST) this.#found.delete(this.#found.keys().next().value!);
  }

  /** Verdicts by job, of rounds by batch: of those that are asked for by `of`, separated by commas, or all. */
  page = (asked: URLSearchParams): Record<string, string> => {
    const of = asked.get('of');
    if (of === null) return Object.fromEntries(this.#found);
    const found = of.split(',').map((about) => [about, this.#found.get(about)]);
    return Object.fromEntries(found.filter(([, verdict]) => verdict !== undefined));
  };
}
