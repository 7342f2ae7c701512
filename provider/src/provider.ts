import { EssaimError } from '@essaim/protocol';
import { batchIdOf, findTerms, JobState, type Terms } from '@essaim/sdk';
import { describeFailure, type Failure, isPassing, LogFeed, Worklist, watch } from '@essaim/sdk/node';
import type { Block } from 'ethers';
import { freeExit, leaveJob } from './leave.ts';
import { produce } from './produce.ts';
import { settle } from './settle.ts';
import { accountOf, type Shop } from './shop.ts';
import { takeJob } from './take.ts';

interface OpenJob {
  terms?: Terms;
  /** Nothing to do before this chain time. */
  until: number;
  /** How far it is: what cannot be done for a posted job is no loss, what is submitted has no deadline any more. */
  stage?: 'posted' | 'accepted' | 'submitted';
}

/** Takes jobs, runs them, commits to their traces, and is paid. What it does next follows from the chain alone. */
export class Provider {
  readonly #shop: Shop;
  readonly #open: Worklist<OpenJob>;
  /** Jobs left by their free exit: not taken a second time. */
  readonly #left = new Set<string>();
  #feeds?: { jobs: LogFeed; verdicts: LogFeed };

  constructor(shop: Shop) {
    this.#shop = shop;
    this.#open = new Worklist(shop.essaim.pollingInterval);
  }

  /** Works until the signal is aborted; what fails for a passing reason is tried again, ever more seldom. */
  run(signal: AbortSignal): Promise<void> {
    const { essaim, say } = this.#shop;
    const tell = (failure: Failure) => say({ event: 'chain', ...failure });
    return watch((until) => this.cycle(until), essaim.pollingInterval, signal, tell);
  }

  /** One look at the chain and everything that follows from it. */
  async cycle(signal?: AbortSignal): Promise<void> {
    const head = await this.#shop.essaim.provider.getBlock('latest');
    if (!head) throw new EssaimError('CHAIN_FAILED', 'no latest block', { help: 'try another endpoint' });
    await this.#read(head.number);
    for (const [jobId, job] of this.#open.due()) {
      if (signal?.aborted) return;
      if (job.until > head.timestamp) continue;
      await this.#work(jobId, job, head, signal);
    }
  }

  async #work(jobId: string, job: OpenJob, head: Block, signal?: AbortSignal): Promise<void> {
    try {
      if (await this.#advance(jobId, job, head, signal)) this.#open.delete(jobId);
      else this.#open.succeeded(jobId);
    } catch (error) {
      if (signal?.aborted) return;
      const failure = describeFailure(error);
      if (isPassing(error) && (job.stage === 'submitted' || !isOver(job, head))) {
        this.#open.postpone(jobId);
        this.#shop.say({ event: 'retrying', jobId, ...failure });
        return;
      }
      this.#open.delete(jobId);
      this.#shop.say({ event: job.stage === 'posted' ? 'refused' : 'failed', jobId, ...failure });
    }
  }

  /** New and reopened jobs, and verdicts on those submitted. */
  async #read(head: number): Promise<void> {
    const { provider, contracts, deployment } = this.#shop.essaim;
    const { JobMarket, Claims } = contracts;
    const market = await JobMarket.getAddress();
    if (!this.#feeds) {
      const fromBlock = deployment.startBlock;
      const opened = [JobMarket.getEvent('Posted'), JobMarket.getEvent('Exited')].map((e) => e.fragment.topicHash);
      const rejected = Claims.getEvent('Rejected').fragment.topicHash;
      this.#feeds = {
        jobs: new LogFeed(provider, { address: market, topics: [opened], fromBlock }),
        verdicts: new LogFeed(provider, { address: await Claims.getAddress(), topics: [rejected], fromBlock }),
      };
    }
    for (const log of await this.#feeds.jobs.read(head)) this.#open.add(log.topics[1], { until: 0 });
    const rejected = new Set((await this.#feeds.verdicts.read(head)).map(({ topics }) => topics[1]));
    if (rejected.size === 0) return;
    for (const [jobId, job] of this.#open.all()) if (rejected.has(batchIdOf(market, jobId))) job.until = 0;
  }

  /** Does the next thing for one job; true when there is nothing left to do. */
  async #advance(jobId: string, job: OpenJob, head: Block, signal?: AbortSignal): Promise<boolean> {
    const { essaim, say, archive } = this.#shop;
    const { state, provider } = await essaim.contracts.JobMarket.job(jobId);
    const isMine = provider === (await accountOf(this.#shop).getAddress());
    if (state !== JobState.Posted && !isMine) return true;
    job.terms ??= await findTerms(essaim.contracts, jobId, essaim.deployment.startBlock);
    const { terms } = job;
    if (state === JobState.Posted) {
      job.stage = 'posted';
      if (this.#left.has(jobId)) return true;
      if (isOver(job, head) || !(await takeJob(this.#shop, jobId, terms, signal))) return true;
      job.stage = 'accepted';
      await this.#produce(jobId, terms, head, signal);
      return false;
    }
    if (state === JobState.Accepted) {
      job.stage = 'accepted';
      if (!isOver(job, head)) {
        await this.#produce(jobId, terms, head, signal);
        return false;
      }
      say({ event: 'late', jobId });
      await archive.release(jobId);
      return true;
    }
    if (state !== JobState.Submitted && state !== JobState.Released) return true;
    job.stage = 'submitted';
    const settlement = await settle(this.#shop, jobId, terms, signal);
    if (!settlement.ended) job.until = settlement.until;
    return settlement.ended;
  }

  /** Produces; a job that cannot be done is left while that costs nothing. */
  async #produce(jobId: string, terms: Terms, head: Block, signal?: AbortSignal): Promise<void> {
    try {
      await produce(this.#shop, jobId, terms, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      const { open, urgent } = await freeExit(this.#shop, jobId, head.timestamp);
      if (open && (urgent || !isPassing(error))) {
        await leaveJob(this.#shop, jobId, terms, describeFailure(error), signal);
        this.#left.add(jobId);
      }
      throw error;
    }
  }
}

const isOver = ({ terms }: OpenJob, head: Block): boolean =>
  terms !== undefined && BigInt(head.timestamp) > terms.deadline;
