import { EssaimError } from '@essaim/protocol';
import type { JobResult, JobStage } from './stages.ts';

/** A running job: await it for the result, iterate over it for its stages. Stages that have passed are replayed. */
export class JobRun implements PromiseLike<JobResult>, AsyncIterable<JobStage> {
  readonly #stages: JobStage[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #done: Promise<JobResult>;
  #ended = false;

  constructor(stages: AsyncIterable<JobStage>) {
    this.#done = this.#consume(stages);
    this.#done.catch(() => undefined);
  }

  // biome-ignore lint/suspicious/noThenProperty: a run is awaited for its result
  then<A = JobResult, B = never>(
    fulfilled?: ((result: JobResult) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#done.then(fulfilled, rejected);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<JobStage> {
    for (let next = 0; ; ) {
      while (next < this.#stages.length) yield this.#stages[next++];
      if (this.#ended) break;
      await new Promise<void>((wake) => this.#waiting.add(wake));
    }
    await this.#done;
  }

  async #consume(stages: AsyncIterable<JobStage>): Promise<JobResult> {
    let jobId = '';
    let provider = '';
    let outputs: JobResult['outputs'] | undefined;
    let final = false;
    try {
      for await (const stage of stages) {
        this.#stages.push(stage);
        this.#wake();
        if (stage.stage === 'posted') jobId = stage.jobId;
        if (stage.stage === 'accepted') provider = stage.provider;
        if (stage.stage === 'result') outputs = stage.outputs;
        if (stage.stage === 'final') final = true;
        if (stage.stage === 'rejected')
          throw refundable('JOB_REJECTED', `the result of job ${jobId} was proven wrong`, jobId);
        if (stage.stage === 'late') throw refundable('JOB_LATE', `no result of job ${jobId} came in time`, jobId);
      }
    } finally {
      this.#ended = true;
      this.#wake();
    }
    if (!outputs)
      throw new EssaimError('JOB_UNFINISHED', `job ${jobId} ended without a result`, {
        help: 'follow it again by its id',
      });
    return { jobId, provider, outputs, final };
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

const refundable = (code: string, message: string, jobId: string) =>
  new EssaimError(code, message, { help: 'take the money back with jobs.refund(jobId)', details: { jobId } });
