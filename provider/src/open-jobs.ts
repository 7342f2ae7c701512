import type { Terms } from '@essaim/sdk';
import { describeFailure, isPassing, Worklist } from '@essaim/sdk/node';
import type { Block } from 'ethers';
import { Capacity } from './capacity/capacity.ts';
import { KeptInputs } from './kept-inputs.ts';
import type { Shop } from './shop.ts';

export interface OpenJob {
  terms?: Terms;
  /** Nothing to do before this chain time. */
  until: number;
  /** Block of the last transaction about it: an older state of the chain says nothing of how far it is. */
  since?: number;
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

/** The jobs that are not over, and what each of them takes of this machine. */
export class OpenJobs {
  readonly shop: Shop;
  readonly capacity: Capacity;
  readonly list: Worklist<OpenJob>;
  /** Jobs left by their free exit: not taken a second time. */
  readonly left = new Set<string>();
  readonly #inputs: KeptInputs | undefined;
  /** The newest second of the chain's clock, and when it was read here, in milliseconds. */
  #seen = { second: 0, at: 0 };

  constructor(shop: Shop) {
    this.shop = shop;
    this.capacity = shop.capacity ?? new Capacity();
    this.list = new Worklist(shop.essaim.pollingInterval);
    this.#inputs = shop.folder === undefined ? undefined : new KeptInputs(shop.folder);
  }

  /** Has this head of the chain from now on. */
  see({ timestamp }: Block): void {
    this.#seen = { second: timestamp, at: performance.now() };
  }

  /** The chain's second, as far as it is known here. */
  get now(): number {
    return this.#seen.second + (performance.now() - this.#seen.at) / 1_000;
  }

  isOver({ terms }: OpenJob): boolean {
    return terms !== undefined && this.#seen.second > Number(terms.deadline);
  }

  held(): HeldJob[] {
    return this.list.all().flatMap(([jobId, { stage, terms, until }]): HeldJob[] => {
      if (stage === 'accepted' && terms) return [{ jobId, stage, until: Number(terms.deadline) }];
      return stage === 'submitted' ? [{ jobId, stage, until }] : [];
    });
  }

  /** A job is accepted: it waits for a lane. */
  accepted(jobId: string, job: OpenJob): void {
    job.stage = 'accepted';
    this.list.succeeded(jobId);
    if (this.capacity.holds(jobId)) return;
    const { programId, count, deadline } = job.terms!;
    this.capacity.hold(jobId, { programId, count: Number(count), deadline: Number(deadline) });
  }

  /** What works with what was fetched for a job. */
  shopFor(jobId: string): Shop {
    const { essaim } = this.shop;
    return { ...this.shop, essaim: this.#inputs?.connectionFor(jobId, essaim) ?? essaim };
  }

  /** Has the time and the room that a job took for others. */
  async release(jobId: string): Promise<void> {
    this.capacity.release(jobId);
    await this.#inputs?.release(jobId);
  }

  /** Does something about a job. What cannot pass ends it, what may is tried again later. */
  async try(jobId: string, job: OpenJob, work: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (signal?.aborted) return;
      const failure = describeFailure(error);
      if (isPassing(error) && !(job.stage === 'posted' && this.isOver(job))) {
        this.list.postpone(jobId);
        this.shop.say({ event: 'retrying', jobId, ...failure });
        return;
      }
      this.list.delete(jobId);
      await this.release(jobId);
      this.shop.say({ event: job.stage === 'posted' ? 'refused' : 'failed', jobId, ...failure });
    }
  }
}

/** The earliest due first. */
export const byDeadline = ([, a]: [string, OpenJob], [, b]: [string, OpenJob]): number =>
  Number(a.terms!.deadline) - Number(b.terms!.deadline);
