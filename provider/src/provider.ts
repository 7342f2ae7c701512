import { EssaimError } from '@essaim/protocol';
import { batchIdOf, findTerms, JobState, type Model, type Terms } from '@essaim/sdk';
import { behind, describeFailure, type Failure, isPassing, LogFeed, Worklist, watch } from '@essaim/sdk/node';
import type { Block } from 'ethers';
import { admitJob } from './admission.ts';
import { Bell } from './bell.ts';
import { Capacity } from './capacity/capacity.ts';
import { timed } from './capacity/timed-tracer.ts';
import { freeExit, leaveJob } from './leave.ts';
import { Openings } from './openings.ts';
import { produce } from './produce.ts';
import { settle } from './settle.ts';
import { accountOf, type Shop } from './shop.ts';
import { acceptJob, refusalFor } from './take.ts';

interface OpenJob {
  terms?: Terms;
  /** Nothing to do before this chain time. */
  until: number;
  /** How far it is: what cannot be done for a posted job is no loss, what is submitted has no deadline any more. */
  stage?: 'posted' | 'accepted' | 'submitted';
  /** Somebody works on it. */
  isBusy?: boolean;
  /** Why it was refused, as far as it was told. */
  refused?: string;
}

/** A job that the provider still answers for; `until`: the chain's second before which it is not over. */
export interface HeldJob {
  readonly jobId: string;
  readonly stage: 'accepted' | 'submitted';
  readonly until: number;
}

/** Jobs that are looked at, accepted or paid out at once. */
const AT_ONCE = 16;

/**
 * Takes jobs that it can finish, runs them, the earliest due first, commits to their traces, and is paid. What it does next
 * follows from the chain alone.
 */
export class Provider {
  readonly #shop: Shop;
  readonly #capacity: Capacity;
  readonly #open: Worklist<OpenJob>;
  /** Jobs left by their free exit: not taken a second time. */
  readonly #left = new Set<string>();
  readonly #bell = new Bell();
  #feeds?: { openings: Openings; verdicts: LogFeed };
  /** The newest second of the chain's clock, and when it was read here, in milliseconds. */
  #seen = { second: 0, at: 0 };
  #hasLooked = false;

  constructor(shop: Shop) {
    this.#shop = shop;
    this.#capacity = shop.capacity ?? new Capacity();
    this.#open = new Worklist(shop.essaim.pollingInterval);
  }

  /**
   * Works until the signal is aborted; what fails for a passing reason is tried again, ever more seldom. Nothing new is
   * accepted from when `leaving` is aborted.
   */
  async run(signal: AbortSignal, leaving?: AbortSignal): Promise<void> {
    const { essaim, say } = this.#shop;
    const tell = (failure: Failure) => say({ event: 'chain', ...failure });
    const lane = () => watch((until) => this.#next(until), 1, signal, tell);
    await Promise.all([
      watch((until) => this.cycle(until, leaving), essaim.pollingInterval, signal, tell),
      ...Array.from({ length: this.#capacity.lanes }, lane),
    ]);
  }

  /** One look at the chain: settles what is over, hands what is accepted to the lanes, accepts what can be finished. */
  async cycle(signal?: AbortSignal, leaving?: AbortSignal): Promise<void> {
    const head = await this.#shop.essaim.provider.getBlock('latest');
    if (!head) throw new EssaimError('CHAIN_FAILED', 'no latest block', { help: 'try another endpoint' });
    this.#seen = { second: head.timestamp, at: performance.now() };
    await this.#read(head);
    const due = this.#open.due().filter(([, job]) => {
      if (job.until > head.timestamp || job.isBusy) return false;
      return job.stage !== 'accepted' || this.#isOver(job);
    });
    const ending = due.filter(([, { stage }]) => stage === 'submitted').slice(0, AT_ONCE);
    const others = due.filter(([, { stage }]) => stage !== 'submitted');
    const posted: [string, OpenJob][] = [];
    const look = ([jobId, job]: [string, OpenJob]): Promise<void> => {
      const work = async () => {
        if (await this.#advance(jobId, job, signal)) this.#open.delete(jobId);
        else if (job.stage === 'posted') posted.push([jobId, job]);
      };
      return this.#try(jobId, job, work, signal);
    };
    for (let at = 0; at < others.length && !signal?.aborted; at += AT_ONCE)
      await Promise.all(others.slice(at, at + AT_ONCE).map(look));
    if (signal?.aborted) return;
    this.#hasLooked = true;
    // what is over waits for blocks: neither for each other, nor what can be accepted for it
    await Promise.all([...ending.map(look), leaving?.aborted ? undefined : this.#accept(posted, signal)]);
  }

  /** What is not over; undefined before everything was looked at once. */
  held(): HeldJob[] | undefined {
    return this.#hasLooked ? this.#held() : undefined;
  }

  #held(): HeldJob[] {
    return this.#open.all().flatMap(([jobId, { stage, terms, until }]): HeldJob[] => {
      if (stage === 'accepted' && terms) return [{ jobId, stage, until: Number(terms.deadline) }];
      return stage === 'submitted' ? [{ jobId, stage, until }] : [];
    });
  }

  /** The chain's second, as far as it is known here. */
  #now(): number {
    return this.#seen.second + (performance.now() - this.#seen.at) / 1_000;
  }

  #isOver({ terms }: OpenJob): boolean {
    return terms !== undefined && this.#seen.second > Number(terms.deadline);
  }

  /** Does something about a job. What cannot pass ends it, what may is tried again later. */
  async #try(jobId: string, job: OpenJob, work: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (signal?.aborted) return;
      const failure = describeFailure(error);
      const mayEnd = job.stage === 'posted' || job.stage === 'accepted';
      if (isPassing(error) && !(mayEnd && this.#isOver(job))) {
        this.#open.postpone(jobId);
        this.#shop.say({ event: 'retrying', jobId, ...failure });
        return;
      }
      this.#open.delete(jobId);
      this.#capacity.release(jobId);
      this.#shop.say({ event: job.stage === 'posted' ? 'refused' : 'failed', jobId, ...failure });
    }
  }

  /** New and reopened jobs, and verdicts on those submitted. */
  async #read(head: Block): Promise<void> {
    const { essaim } = this.#shop;
    const { JobMarket, Claims } = essaim.contracts;
    const market = await JobMarket.getAddress();
    this.#feeds ??= {
      openings: new Openings(essaim, await accountOf(this.#shop).getAddress()),
      verdicts: new LogFeed(essaim.provider, {
        address: await Claims.getAddress(),
        topics: [Claims.getEvent('Rejected').fragment.topicHash],
        fromBlock: essaim.deployment.startBlock,
      }),
    };
    for (const { jobId, terms } of await this.#feeds.openings.read(head)) this.#open.add(jobId, { until: 0, terms });
    const rejected = new Set((await this.#feeds.verdicts.read(head.number)).map(({ topics }) => topics[1]));
    if (rejected.size === 0) return;
    for (const [jobId, job] of this.#open.all()) if (rejected.has(batchIdOf(market, jobId))) job.until = 0;
  }

  /** Finds out how far a job is, and settles what is over; true when there is nothing left to do. */
  async #advance(jobId: string, job: OpenJob, signal?: AbortSignal): Promise<boolean> {
    const { essaim, say, archive } = this.#shop;
    const { state, provider } = await essaim.contracts.JobMarket.job(jobId);
    const isMine = provider === (await accountOf(this.#shop).getAddress());
    if (state === JobState.None) throw behind(`job ${jobId}`);
    if (state !== JobState.Accepted) this.#capacity.release(jobId);
    if (state !== JobState.Posted && !isMine) return true;
    job.terms ??= await findTerms(essaim.contracts, jobId, essaim.deployment.startBlock);
    if (state === JobState.Posted) {
      job.stage = 'posted';
      return this.#left.has(jobId) || this.#isOver(job);
    }
    if (state === JobState.Accepted) {
      if (!this.#isOver(job)) {
        this.#toLanes(jobId, job);
        return false;
      }
      say({ event: 'late', jobId });
      this.#capacity.release(jobId);
      await archive.release(jobId);
      return true;
    }
    if (state !== JobState.Submitted && state !== JobState.Released) return true;
    job.stage = 'submitted';
    const settlement = await settle(this.#shop, jobId, job.terms, signal);
    if (!settlement.ended) job.until = settlement.until;
    this.#open.succeeded(jobId);
    return settlement.ended;
  }

  /** Accepts of the posted jobs those that can be finished, the earliest due first. */
  async #accept(posted: [string, OpenJob][], signal?: AbortSignal): Promise<void> {
    const sending: Promise<void>[] = [];
    for (const [jobId, job] of posted.sort(byDeadline)) {
      if (signal?.aborted || sending.length === AT_ONCE) break;
      if (await this.#admit(jobId, job, signal)) sending.push(this.#take(jobId, job, signal));
    }
    await Promise.all(sending);
  }

  /** Whether a posted job is for us and was taken on; what may change is asked again, ever more seldom. */
  async #admit(jobId: string, job: OpenJob, signal?: AbortSignal): Promise<boolean> {
    const terms = job.terms!;
    const submitted = this.#held().filter(({ stage }) => stage === 'submitted').length;
    let isTaken = false;
    const work = async () => {
      const admit = (model: Model) =>
        admitJob(this.#shop, this.#capacity, { jobId, terms, model }, { now: this.#now(), submitted });
      const refusal = await refusalFor(this.#shop, terms, admit, signal);
      isTaken = refusal === null;
      if (!refusal) return;
      const { mayPass, ...reason } = refusal;
      if (job.refused !== reason.code) this.#shop.say({ event: 'refused', jobId, ...reason });
      job.refused = reason.code;
      if (mayPass) this.#open.postpone(jobId);
      else this.#open.delete(jobId);
    };
    await this.#try(jobId, job, work, signal);
    return isTaken;
  }

  async #take(jobId: string, job: OpenJob, signal?: AbortSignal): Promise<void> {
    job.isBusy = true;
    const work = async () => {
      if (await acceptJob(this.#shop, jobId, job.terms!, signal)) this.#toLanes(jobId, job);
      else this.#open.delete(jobId);
    };
    await this.#try(jobId, job, work, signal);
    job.isBusy = false;
    if (job.stage !== 'accepted') this.#capacity.release(jobId);
  }

  /** Hands an accepted job to the lanes. */
  #toLanes(jobId: string, job: OpenJob): void {
    const terms = job.terms!;
    job.stage = 'accepted';
    this.#open.succeeded(jobId);
    if (!this.#capacity.holds(jobId)) {
      const { programId, count, deadline } = terms;
      this.#capacity.hold(jobId, { programId, count: Number(count), deadline: Number(deadline) });
    }
    this.#bell.ring();
  }

  /** Produces the accepted job that is due first, or waits for one. */
  async #next(signal: AbortSignal): Promise<void> {
    const ready = this.#open.due().filter(([, { stage, isBusy }]) => stage === 'accepted' && !isBusy);
    const [first] = ready.filter(([, job]) => !this.#isOver(job)).sort(byDeadline);
    if (!first) return this.#bell.wait(this.#shop.essaim.pollingInterval, signal);
    const [jobId, job] = first;
    job.isBusy = true;
    this.#capacity.begin(jobId);
    await this.#try(jobId, job, () => this.#produce(jobId, job, signal), signal);
    job.isBusy = false;
    this.#capacity.putBack(jobId);
  }

  /** Produces; a job that cannot be done is left while that costs nothing. */
  async #produce(jobId: string, job: OpenJob, signal: AbortSignal): Promise<void> {
    const terms = job.terms!;
    const { state, provider } = await this.#shop.essaim.contracts.JobMarket.job(jobId);
    if (state !== JobState.Accepted || provider !== (await accountOf(this.#shop).getAddress())) {
      // the chain went another way: it is looked at from the beginning
      job.stage = undefined;
      return;
    }
    const { trace, timing } = timed(this.#shop.trace);
    const began = performance.now();
    try {
      await produce({ ...this.#shop, trace }, jobId, terms, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const { open, urgent } = await freeExit(this.#shop, jobId, this.#now());
      if (open && (urgent || !isPassing(error))) {
        await leaveJob(this.#shop, jobId, terms, describeFailure(error), signal);
        this.#left.add(jobId);
      }
      throw error;
    }
    const seconds = (performance.now() - began) / 1_000;
    const count = Number(terms.count);
    if (timing.executions === count) this.#capacity.speeds.observed(terms.programId, count, seconds, timing.seconds);
    job.stage = 'submitted';
    this.#capacity.release(jobId);
  }
}

const byDeadline = ([, a]: [string, OpenJob], [, b]: [string, OpenJob]): number =>
  Number(a.terms!.deadline) - Number(b.terms!.deadline);
