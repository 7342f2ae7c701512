import { MILLI_MIEL } from '@essaim/protocol';
import { type Essaim, eventOf, findTerms } from '@essaim/sdk';
import { LogFeed } from '@essaim/sdk/node';
import { formatEther, getAddress } from 'ethers';
import { Past, type PastBatch } from './past.ts';
import { Recent } from './recent.ts';
import type { ExecutorRecord } from './record.ts';

/** A batch as it was submitted. */
export interface BookedBatch {
  readonly batchId: string;
  readonly client: string;
  /** What its client says that it is about: a job's id. */
  readonly subject: string;
  readonly executor: string;
  readonly count: number;
  /** MIEL. */
  readonly lock: number;
  readonly epoch: number;
  readonly block: number;
}

/** What a job pays, and what runs it. */
export interface PostedPay {
  readonly token: string;
  /** Smallest units. */
  readonly fee: bigint;
  readonly programId: string;
  /** Nobody checks it but whom its requester hands its key. */
  readonly isSealed: boolean;
}

/** What a batch's epoch says. Shares from 0 to 1. */
export interface Rules {
  readonly seconds: number;
  readonly blocks: number;
  /** Of the lock, what a conviction pays to whoever brings it. */
  readonly bounty: number;
}

/** How long what the registries say of an executor is taken for true, in seconds of chain time. */
const FRESH = 600;

/** Batches, jobs and blocks that are kept: more than an hour has. */
const MOST = 20_000;

/** Batches, jobs and convictions as the chain tells them, each read once. Records are kept only where they are asked for. */
export class Book {
  readonly #essaim: Essaim;
  readonly #batches = new Recent<string, BookedBatch>(MOST);
  readonly #pay = new Recent<string, PostedPay>(MOST);
  readonly #sealed = new Set<string>();
  readonly #pasts = new Map<string, Past>();
  readonly #booked = new Map<string, PastBatch & { readonly executor: string }>();
  readonly #convicted = new Set<string>();
  readonly #epochs = new Set<number>();
  readonly #rules = new Map<number, Rules>();
  readonly #times = new Recent<number, number>(MOST);
  readonly #agents = new Map<string, { readonly at: number; readonly rejected: number }>();
  #feeds?: { submitted: LogFeed; rejected: LogFeed; posted: LogFeed };

  #last: Promise<unknown> = Promise.resolve();
  readonly #keepsRecords: boolean;

  constructor(essaim: Essaim, keepsRecords = true) {
    this.#essaim = essaim;
    this.#keepsRecords = keepsRecords;
  }

  /** Reads what is new up to a block: of before `since` only what records are made of. */
  read(head: number, since?: number): Promise<void> {
    const turn = this.#last.then(() => this.#read(head, since));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #read(head: number, since?: number): Promise<void> {
    const { Claims, JobMarket } = this.#essaim.contracts;
    this.#feeds ??= await this.#open(since);
    for (const log of await this.#feeds.posted.read(head)) {
      const { jobId, token, fee, programId, isSealed } = eventOf(JobMarket.interface, log)!.args;
      this.#pay.set(jobId, { token, fee, programId, isSealed });
      if (isSealed) this.#sealed.add(jobId);
    }
    for (const log of await this.#feeds.submitted.read(head)) {
      const { batchId, client, executor, subject, count, lock, epoch } = eventOf(Claims.interface, log)!.args;
      const batch: BookedBatch = {
        ...{ batchId, client, executor, subject, count: Number(count), epoch: Number(epoch), block: log.blockNumber },
        lock: Number(formatEther(lock * MILLI_MIEL)),
      };
      if (this.#keepsRecords) this.#keep(batch);
      this.#batches.set(batchId, batch);
    }
    if (!this.#keepsRecords) return;
    for (const { topics } of await this.#feeds.rejected.read(head)) {
      this.#convicted.add(topics[1]);
      const batch = this.#booked.get(topics[1]);
      if (batch) this.#pasts.get(batch.executor)!.convict(batch);
    }
  }

  #keep({ batchId, executor, lock, epoch, block, subject }: BookedBatch): void {
    if (this.#booked.has(batchId)) return;
    const [isSealed, isConvicted] = [this.#sealed.has(subject), this.#convicted.has(batchId)];
    const batch = { executor, lock, epoch, block, isSealed, isConvicted };
    const past = this.#pasts.get(executor) ?? new Past();
    this.#pasts.set(executor, past);
    past.add(batch);
    this.#booked.set(batchId, batch);
    this.#epochs.add(epoch);
  }

  /** A batch as it was submitted, also one that was not read yet. */
  async batchAt(batchId: string): Promise<BookedBatch> {
    const known = this.#batches.get(batchId);
    if (known) return known;
    const { client, executor, count, lock, epoch, blockNumber } = await this.#essaim.contracts.Claims.batch(batchId);
    return {
      ...{ batchId, client, subject: '', executor, count: Number(count), epoch: Number(epoch) },
      ...{ lock: Number(formatEther(lock * MILLI_MIEL)), block: Number(blockNumber) },
    };
  }

  /** What a job pays, also one that is not kept any more. JOB_UNKNOWN */
  async pay(jobId: string): Promise<PostedPay> {
    const { contracts, deployment } = this.#essaim;
    return this.#pay.get(jobId) ?? findTerms(contracts, jobId, deployment.startBlock);
  }

  /** Batches of one client, newest first. */
  newest(client: string): BookedBatch[] {
    return [...this.#batches.values()].filter((batch) => getAddress(batch.client) === getAddress(client)).toReversed();
  }

  /** What a batch's epoch says. */
  async rules(epoch: number): Promise<Rules> {
    const known = this.#rules.get(epoch);
    if (known) return known;
    const { ProtocolParameters } = this.#essaim.contracts;
    const [{ windowSeconds, windowBlocks }, { slash, bounty }] = await Promise.all([
      ProtocolParameters.claimRules(epoch),
      ProtocolParameters.slashRules(epoch),
    ]);
    const rules = {
      ...{ seconds: Number(windowSeconds), blocks: Number(windowBlocks) },
      bounty: (Number(slash) / 1e4) * (Number(bounty) / 1e4),
    };
    this.#rules.set(epoch, rules);
    return rules;
  }

  /** When a block was made, in seconds. */
  async time(block: number): Promise<number> {
    const known = this.#times.get(block);
    if (known !== undefined) return known;
    const time = (await this.#essaim.provider.getBlock(block))?.timestamp ?? 0;
    this.#times.set(block, time);
    return time;
  }

  /**
   * What is known of an executor when it submits a batch in a block of a time, but for one's own checks. Where its
   * account is linked to an agent, convictions of that agent's other accounts count too. That a sealed batch stood says
   * nothing: nobody could look.
   */
  async record(executor: string, block: number, time: number): Promise<Omit<ExecutorRecord, 'clean'>> {
    for (const epoch of this.#epochs) await this.rules(epoch);
    const past = this.#pasts.get(executor) ?? new Past();
    const { convictions, stood, first } = past.at(
      block,
      (epoch) => this.#rules.get(epoch)?.blocks ?? Number.POSITIVE_INFINITY,
    );
    const age = first === undefined ? 0 : Math.max(0, time - (await this.time(first)));
    return { convictions: Math.max(convictions, await this.#rejectedAgent(executor, time)), age, stood };
  }

  /** Convictions on the record of the agent that an account is linked to. */
  async #rejectedAgent(executor: string, time: number): Promise<number> {
    const known = this.#agents.get(executor);
    if (known && time < known.at + FRESH) return known.rejected;
    const { agents } = this.#essaim;
    const agent = await agents.of(executor);
    const rejected = agent === null ? 0 : (await agents.record(agent)).rejected;
    this.#agents.set(executor, { at: time, rejected });
    return rejected;
  }

  async #open(since?: number) {
    const { provider, contracts, deployment } = this.#essaim;
    const { Claims, JobMarket } = contracts;
    const fromBlock = this.#keepsRecords ? deployment.startBlock : (since ?? deployment.startBlock);
    const feed = (address: string, topic: string) => new LogFeed(provider, { address, topics: [topic], fromBlock });
    const [claims, market] = await Promise.all([Claims.getAddress(), JobMarket.getAddress()]);
    return {
      submitted: feed(claims, Claims.getEvent('Submitted').fragment.topicHash),
      rejected: feed(claims, Claims.getEvent('Rejected').fragment.topicHash),
      posted: feed(market, JobMarket.getEvent('Posted').fragment.topicHash),
    };
  }
}
