import { EssaimError } from '@essaim/protocol';
import { limit } from '../chain/limit.ts';
import { unlessAborted } from '../chain/wait.ts';
import type { JobResult, JobStage } from './stages.ts';

/** Where stages come from. `committed` is called when the job exists, or its transaction goes to the wallet. */
export type StageSource = (signal: AbortSignal, committed: (jobId: string) => void) => AsyncIterator<JobStage>;

export interface RunLimits {
  signals: readonly (AbortSignal | undefined)[];
  /** Milliseconds. */
  timeout?: number;
}

/**
 * A running job: await it for the result, iterate over it for its stages, as often as wanted; stages that have passed
 * are replayed. It goes on by itself: leaving a loop early ends nothing, the signal does.
 *
 * It fails with ABORTED (by signal, timeout or close: nothing was posted), JOB_GOES_ON (the same, when the job was
 * posted: follow it again by its id), JOB_REJECTED, JOB_LATE (the money can be taken back), JOB_CANCELLED, JOB_REFUNDED,
 * RESULT_MISMATCH, and with what storage, wallet and chain throw.
 */
export class JobRun implements PromiseLike<JobResult>, AsyncIterable<JobStage> {
  readonly #stages: JobStage[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #done: Promise<JobResult>;
  #jobId: string | undefined;
  #ended = false;

  constructor(source: StageSource, limits: RunLimits) {
    this.#done = this.#consume(source, limits);
    this.#done.catch(() => undefined);
  }

  /** The job's id, from the moment at which it may exist on chain. */
  get jobId(): string | undefined {
    return this.#jobId;
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

  async #consume(source: StageSource, limits: RunLimits): Promise<JobResult> {
    const { signal, free } = limit(limits);
    const stages = source(signal, (jobId) => {
      this.#jobId = jobId;
    });
    let result: Omit<JobResult, 'jobId'> = { provider: '', outputs: [], final: false };
    try {
      for (;;) {
        const { value, done } = await unlessAborted(stages.next(), signal);
        if (done) return { ...result, jobId: this.#jobId! };
        this.#stages.push(value);
        this.#wake();
        result = after(result, value, this.#jobId!);
      }
    } catch (error) {
      throw signal.aborted ? this.#interrupted(signal.reason) : error;
    } finally {
      free();
      this.#ended = true;
      this.#wake();
    }
  }

  #interrupted(cause: unknown): EssaimError {
    const jobId = this.#jobId;
    if (jobId === undefined) {
      return new EssaimError('ABORTED', 'ended before the job was posted: nothing was paid', {
        help: 'run it again; an approval that was sent already is used then',
        cause,
      });
    }
    return new EssaimError('JOB_GOES_ON', `job ${jobId} is no longer followed, and goes on without its requester`, {
      help: 'follow it again with jobs.follow(jobId); its transaction may still be with the wallet or on its way',
      cause,
      details: { jobId },
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** The result as it stands after a stage; throws where the stage is an end without one. */
function after(result: Omit<JobResult, 'jobId'>, stage: JobStage, jobId: string): Omit<JobResult, 'jobId'> {
  const end = (code: string, message: string, help: string) =>
    new EssaimError(code, message, { help, details: { jobId } });
  const takeBack = 'take the money back with jobs.refund(jobId)';
  switch (stage.stage) {
    case 'posted':
      return stage.key === undefined ? result : { ...result, key: stage.key };
    case 'submitted':
      return { ...result, provider: stage.provider };
    case 'result':
      return { ...result, outputs: stage.outputs };
    case 'final':
      return { ...result, final: true };
    case 'rejected':
      throw end('JOB_REJECTED', `the result of job ${jobId} was proven wrong`, takeBack);
    case 'late':
      throw end('JOB_LATE', `no result of job ${jobId} came in time`, takeBack);
    case 'cancelled':
      throw end('JOB_CANCELLED', `job ${jobId} was cancelled by its requester`, 'post it anew if it is wanted');
    case 'refunded':
      throw end('JOB_REFUNDED', `the money of job ${jobId} went back already`, 'post it anew if it is wanted');
    default:
      return result;
  }
}
