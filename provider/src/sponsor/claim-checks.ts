import type { Hash } from '@essaim/protocol';
import { batchIdOf, type Essaim, fetchInputs, fetchReceipt, findTerms } from '@essaim/sdk';
import { describeFailure, LogFeed } from '@essaim/sdk/node';
import type { SponsorEvent } from './events.ts';
import type { Sponsor } from './sponsor.ts';

/** Claims that are waited with, newest first. */
const KEEP = 200;
const HOUR = 3_600_000;

/** A submission of anybody's. */
interface Submitted {
  readonly jobId: Hash;
  readonly receipt: Hash;
}

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
  #feed?: LogFeed;

  constructor(parts: Parts) {
    this.#parts = parts;
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
    const { provider, contracts, deployment } = this.#parts.essaim;
    const { JobMarket } = contracts;
    this.#feed ??= new LogFeed(provider, {
      address: await JobMarket.getAddress(),
      topics: [JobMarket.getEvent('Submitted').fragment.topicHash],
      fromBlock: deployment.startBlock,
    });
    for (const log of await this.#feed.read(await provider.getBlockNumber())) {
      const { jobId, receipt } = JobMarket.interface.parseLog(log)!.args;
      this.#jobs.push({ jobId, receipt });
    }
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
