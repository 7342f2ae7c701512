import { batchIdOf, type Essaim, fetchInputs, fetchReceipt, findTerms } from '@essaim/sdk';
import { describeFailure } from '@essaim/sdk/node';
import { Submissions, type Submitted } from '@essaim/verifier';
import type { SponsorEvent } from './events.ts';
import type { Sponsor } from './sponsor.ts';

/** Claims that are waited with, newest first. */
const KEEP = 200;
const HOUR = 3_600_000;

interface Parts {
  readonly essaim: Essaim;
  readonly sponsor: Sponsor;
  readonly say: (event: SponsorEvent) => void;
  readonly anHour: number;
}

/** Gives tabs that have nothing to do the claims of anybody to run again, and compares. */
export class ClaimChecks {
  readonly #parts: Parts;
  readonly #jobs: Submitted[] = [];
  readonly #done: number[] = [];
  readonly #submissions: Submissions;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#submissions = new Submissions(parts.essaim);
  }

  /** Reads what was submitted, and checks one claim if a tab is free and the hour's number is not reached. */
  async cycle(signal: AbortSignal, now = Date.now()): Promise<void> {
    await this.#read();
    while (this.#done.length > 0 && this.#done[0] < now - HOUR) this.#done.shift();
    if (this.#done.length >= this.#parts.anHour || !this.#parts.sponsor.desk.hasIdle) return;
    const submitted = this.#jobs.pop();
    if (!submitted) return;
    const { jobId } = submitted;
    try {
      if (await this.#check(submitted, signal)) this.#done.push(now);
    } catch (error) {
      if (signal.aborted) return;
      this.#parts.say({ event: 'unchecked', jobId, ...describeFailure(error) });
    }
  }

  async #read(): Promise<void> {
    const head = await this.#parts.essaim.provider.getBlock('latest');
    if (head) this.#jobs.push(...(await this.#submissions.read(head)));
    this.#jobs.splice(0, Math.max(0, this.#jobs.length - KEEP));
  }

  /** Whether a tab ran one claim of a job. */
  async #check({ jobId, receipt }: Submitted, signal: AbortSignal): Promise<boolean> {
    const { essaim, sponsor, say } = this.#parts;
    const { storage, models, contracts, deployment } = essaim;
    const { JobMarket, Claims } = contracts;
    const terms = await findTerms(contracts, jobId, deployment.startBlock);
    if (terms.isSealed) return false;
    const { program, onnx } = await models.load(terms.model, terms.programId, signal);
    if (!program.exact) return false;
    const client = await JobMarket.getAddress();
    const { root: batchRoot } = await Claims.batch(batchIdOf(client, jobId));
    const { chainId } = deployment;
    const { claims } = await fetchReceipt(
      storage,
      { chainId, client, jobId, programId: terms.programId, batchRoot, receipt },
      signal,
    );
    const inputs = await fetchInputs(storage, program, terms, signal);
    const leaf = Math.floor(Math.random() * claims.length);
    const { traceRoot: claimed } = claims[leaf];
    const given = await sponsor.lend('check', program, onnx, inputs[leaf], { signal }, claimed);
    if (!given) return false;
    // what differs was run again by us before it was accepted
    say({ event: given.trace.traceRoot === claimed ? 'agreed' : 'disputed', jobId, leaf });
    return true;
  }
}
