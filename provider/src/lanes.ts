import { JobState } from '@essaim/sdk';
import { describeFailure, isPassing } from '@essaim/sdk/node';
import { Bell } from './bell.ts';
import { timed } from './capacity/timed-tracer.ts';
import { freeExit, leaveJob } from './leave.ts';
import { byDeadline, type OpenJob, type OpenJobs } from './open-jobs.ts';
import { produce } from './produce.ts';
import { accountOf } from './shop.ts';

/** Where accepted jobs are produced, the earliest due first, as many at once as there are lanes. */
export class Lanes {
  readonly #jobs: OpenJobs;
  readonly #bell = new Bell();

  constructor(jobs: OpenJobs) {
    this.#jobs = jobs;
  }

  /** A job was accepted. */
  wake(): void {
    this.#bell.ring();
  }

  /** Produces the accepted job that is due first, or waits for one. */
  async next(signal: AbortSignal): Promise<void> {
    const { list, shop, capacity } = this.#jobs;
    const ready = list.due().filter(([, { stage, isBusy }]) => stage === 'accepted' && !isBusy);
    const [first] = ready.filter(([, job]) => !this.#jobs.isOver(job)).sort(byDeadline);
    if (!first) return this.#bell.wait(shop.essaim.pollingInterval, signal);
    const [jobId, job] = first;
    job.isBusy = true;
    capacity.begin(jobId);
    await this.#jobs.try(jobId, job, () => this.#produce(jobId, job, signal), signal);
    job.isBusy = false;
    capacity.putBack(jobId);
  }

  async #produce(jobId: string, job: OpenJob, signal: AbortSignal): Promise<void> {
    const { shop, capacity, now } = this.#jobs;
    const terms = job.terms!;
    const { state, provider } = await shop.essaim.contracts.JobMarket.job(jobId);
    if (state !== JobState.Accepted || provider !== (await accountOf(shop).getAddress())) {
      // the chain went another way: it is looked at from the beginning
      job.stage = undefined;
      return;
    }
    const began = performance.now();
    const timing = { executions: 0, seconds: 0 };
    const latest = Date.now() + 1_000 * capacity.spare(jobId, now);
    const { trace, own, ...rest } = this.#jobs.shopFor(jobId);
    const measured = { trace: timed(trace, timing, latest), own: own && timed(own, timing) };
    try {
      job.since = await produce({ ...rest, ...measured }, jobId, terms, signal);
    } catch (error) {
      if (!signal.aborted) await this.#leave(jobId, job, error, signal);
      throw error;
    }
    const seconds = (performance.now() - began) / 1_000;
    const count = Number(terms.count);
    if (timing.executions === count) capacity.speeds.observed(terms.programId, count, seconds, timing.seconds);
    job.stage = 'submitted';
    await this.#jobs.release(jobId);
  }

  /** Leaves a job that cannot be done while that costs nothing. */
  async #leave(jobId: string, job: OpenJob, error: unknown, signal: AbortSignal): Promise<void> {
    const { shop, left, now } = this.#jobs;
    const { open, urgent } = await freeExit(shop, jobId, now);
    if (!open || (!urgent && isPassing(error))) return;
    await leaveJob(shop, jobId, job.terms!, describeFailure(error), signal);
    left.add(jobId);
  }
}
