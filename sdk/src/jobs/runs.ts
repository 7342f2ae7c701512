import type { FollowOptions } from './follow.ts';
import type { JobRequest, PreparedJob } from './request.ts';
import { JobRun, type StageSource } from './run.ts';

/** What runs of jobs read their stages from. */
export interface StageSources {
  posting(job: JobRequest | PreparedJob, options: FollowOptions): Promise<StageSource>;
  following(jobId: string, options: FollowOptions): Promise<StageSource>;
}

/** Starting runs: a {@link JobRun} is there at once, what it reads is loaded behind it. */
export class JobRuns {
  readonly #sources: () => Promise<StageSources>;
  readonly #closed: AbortSignal;

  constructor(sources: () => Promise<StageSources>, closed: AbortSignal) {
    this.#sources = sources;
    this.#closed = closed;
  }

  /**
   * Posts a job and follows it. Await it for the result, iterate over it for its stages. Everything that can be checked
   * is checked before the first transaction. See {@link JobRun} for how it ends.
   */
  readonly run = (job: JobRequest | PreparedJob, options: FollowOptions = {}): JobRun =>
    this.#start((sources) => sources.posting(job, options), options);

  /** Follows a job posted earlier, by anyone. JOB_UNKNOWN if there is none. */
  readonly follow = (jobId: string, options: FollowOptions = {}): JobRun =>
    this.#start((sources) => sources.following(jobId, options), options);

  #start(choose: (sources: StageSources) => Promise<StageSource>, { signal, timeout }: FollowOptions): JobRun {
    const load = this.#sources;
    const source: StageSource = async function* (...given) {
      const stages = (await choose(await load()))(...given);
      yield* { [Symbol.asyncIterator]: () => stages };
    };
    return new JobRun(source, { signals: [signal, this.#closed], timeout });
  }
}
