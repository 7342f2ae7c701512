import { EssaimError } from '@essaim/protocol';
import { findTerms, JobState, type Model } from '@essaim/sdk';
import { atOneBlock, behind, type Failure, watch } from '@essaim/sdk/node';
import { admitJob } from './admission.ts';
import { Lanes } from './lanes.ts';
import { MarketFeed } from './market-feed.ts';
import { byDeadline, type HeldJob, type OpenJob, OpenJobs } from './open-jobs.ts';
import { settle } from './settle.ts';
import { accountOf, type Shop } from './shop.ts';
import { acceptJob, refusalFor } from './take.ts';

/** Jobs that are looked at, accepted or paid out at once. */
const AT_ONCE = 16;

/**
 * Takes jobs that it can finish, runs them, the earliest due first, commits to their traces, and is paid. What it does next
 * follows from the chain alone.
 */
export class Provider {
  readonly #shop: Shop;
  readonly #jobs: OpenJobs;
  readonly #lanes: Lanes;
  readonly #feed: MarketFeed;
  #hasLooked = false;

  constructor(shop: Shop) {
    this.#shop = shop;
    this.#jobs = new OpenJobs(shop);
    this.#lanes = new Lanes(this.#jobs);
    this.#feed = new MarketFeed(shop);
  }

  /**
   * Works until the signal is aborted; what fails for a passing reason is tried again, ever more seldom. Nothing new is
   * accepted from when `leaving` is aborted.
   */
  async run(signal: AbortSignal, leaving?: AbortSignal): Promise<void> {
    const { essaim, say } = this.#shop;
    const tell = (failure: Failure) => say({ event: 'chain', ...failure });
    const lane = () => watch((until) => this.#lanes.next(until), 1, signal, tell);
    await Promise.all([
      watch((until) => this.cycle(until, leaving), essaim.pollingInterval, signal, tell),
      ...Array.from({ length: this.#jobs.capacity.lanes }, lane),
    ]);
  }

  /** One look at the chain: settles what is over, hands what is accepted to the lanes, accepts what can be finished. */
  async cycle(signal?: AbortSignal, leaving?: AbortSignal): Promise<void> {
    const { list } = this.#jobs;
    const head = await this.#shop.essaim.provider.getBlock('latest');
    if (!head) throw new EssaimError('CHAIN_FAILED', 'no latest block', { help: 'try another endpoint' });
    this.#jobs.see(head);
    await this.#feed.read(head, await accountOf(this.#shop).getAddress(), list);
    const due = list.due().filter(([, job]) => {
      if (job.until > head.timestamp || job.isBusy) return false;
      return job.stage !== 'accepted' || this.#jobs.isOver(job);
    });
    const ending = due.filter(([, { stage }]) => stage === 'submitted').slice(0, AT_ONCE);
    const others = due.filter(([, { stage }]) => stage !== 'submitted');
    const posted: [string, OpenJob][] = [];
    const look = ([jobId, job]: [string, OpenJob]): Promise<void> => {
      const work = async () => {
        if (await this.#advance(jobId, job, signal)) list.delete(jobId);
        else if (job.stage === 'posted') posted.push([jobId, job]);
      };
      return this.#jobs.try(jobId, job, work, signal);
    };
    for (let at = 0; at < others.length && !signal?.aborted; at += AT_ONCE)
      await Promise.all(others.slice(at, at + AT_ONCE).map(look));
    if (signal?.aborted) return;
    this.#jobs.capacity.submitted = this.#jobs.held().filter(({ stage }) => stage === 'submitted').length;
    this.#hasLooked = true;
    // what is over waits for blocks: neither for each other, nor what can be accepted for it
    await Promise.all([...ending.map(look), leaving?.aborted ? undefined : this.#accept(posted, signal)]);
  }

  /** What is not over; undefined before everything was looked at once. */
  held(): HeldJob[] | undefined {
    return this.#hasLooked ? this.#jobs.held() : undefined;
  }

  /** Finds out how far a job is, and settles what is over; true when there is nothing left to do. */
  async #advance(jobId: string, job: OpenJob, signal?: AbortSignal): Promise<boolean> {
    const { essaim, say, archive } = this.#shop;
    const [block, { state, provider }] = await atOneBlock(essaim.provider, () =>
      Promise.all([essaim.provider.getBlock('latest'), essaim.contracts.JobMarket.job(jobId)]),
    );
    const isMine = provider === (await accountOf(this.#shop).getAddress());
    const isOld = !block || block.number < (job.since ?? 0);
    if (state === JobState.None || isOld) throw behind(`what was done about job ${jobId}`);
    if (state !== JobState.Accepted) await this.#jobs.release(jobId);
    if (state !== JobState.Posted && !isMine) return true;
    job.terms ??= await findTerms(essaim.contracts, jobId, essaim.deployment.startBlock);
    const isLate = block.timestamp > Number(job.terms.deadline);
    if (state === JobState.Posted) {
      job.stage = 'posted';
      return this.#jobs.left.has(jobId) || isLate;
    }
    if (state === JobState.Accepted) {
      if (!isLate) {
        this.#toLanes(jobId, job);
        return false;
      }
      say({ event: 'late', jobId });
      await this.#jobs.release(jobId);
      await archive.release(jobId);
      return true;
    }
    if (state !== JobState.Submitted && state !== JobState.Released) return true;
    job.stage = 'submitted';
    const settlement = await settle(this.#shop, jobId, job.terms, signal);
    if (!settlement.ended) job.until = settlement.until;
    this.#jobs.list.succeeded(jobId);
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
    const { capacity, list } = this.#jobs;
    const terms = job.terms!;
    let isTaken = false;
    const work = async () => {
      const admit = (model: Model) => admitJob(this.#shop, capacity, { jobId, terms, model }, this.#jobs.now);
      const refusal = await refusalFor(this.#jobs.shopFor(jobId), terms, admit, signal);
      isTaken = refusal === null;
      if (!refusal) return;
      await this.#jobs.release(jobId);
      const { mayPass, ...reason } = refusal;
      if (job.refused !== reason.code) this.#shop.say({ event: 'refused', jobId, ...reason });
      job.refused = reason.code;
      if (mayPass) list.postpone(jobId);
      else list.delete(jobId);
    };
    await this.#jobs.try(jobId, job, work, signal);
    return isTaken;
  }

  async #take(jobId: string, job: OpenJob, signal?: AbortSignal): Promise<void> {
    job.isBusy = true;
    const work = async () => {
      const taken = await acceptJob(this.#shop, jobId, job.terms!, signal);
      if (!taken.isOwn) return this.#jobs.list.delete(jobId);
      job.since = taken.since ?? job.since;
      this.#toLanes(jobId, job);
    };
    await this.#jobs.try(jobId, job, work, signal);
    job.isBusy = false;
    if (job.stage !== 'accepted') await this.#jobs.release(jobId);
  }

  #toLanes(jobId: string, job: OpenJob): void {
    this.#jobs.accepted(jobId, job);
    this.#lanes.wake();
  }
}
