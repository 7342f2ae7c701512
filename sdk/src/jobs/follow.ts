import type { LogDescription } from 'ethers';
import { patiently } from '../chain/patience.ts';
import { chainFailure } from '../chain/reverts.ts';
import { pause } from '../chain/wait.ts';
import { readable } from '../sealed/job-key.ts';
import type { JobContext } from './context.ts';
import { fetchResult } from './result.ts';
import type { JobStage } from './stages.ts';
import { batchIdOf, type Terms } from './terms.ts';
import { Claim, type JobEvent, JobWatch } from './watch.ts';

export interface FollowOptions {
  /** Stop once the outputs are here and checked, or wait until nobody can challenge them any more. Default: result. */
  until?: 'result' | 'final';
  signal?: AbortSignal;
  /** Milliseconds until the run ends with ABORTED or JOB_GOES_ON. Default: none; a job's deadline ends it anyway. */
  timeout?: number;
  /** Of a sealed job: what opens it. Without it the result fails with JOB_SEALED. */
  key?: string;
  /** Milliseconds for which failures of the endpoint or of storage are borne while a job goes on. Default 60,000. */
  patience?: number;
}

const PATIENCE = 60_000;

/** The stages of a posted job, read from the chain from `fromBlock` on. */
export async function* followJob(
  context: JobContext,
  jobId: string,
  terms: Terms,
  fromBlock: number,
  options: FollowOptions & { signal: AbortSignal },
): AsyncGenerator<JobStage> {
  const { until = 'result', signal, key, patience = PATIENCE } = options;
  const trying = { signal, patience, interval: context.interval };
  const watch = new JobWatch(context, jobId, terms, fromBlock);
  let submission: LogDescription | undefined;
  let shown: LogDescription | undefined;
  for (;;) {
    const { events, claim, pastDeadline } = await patiently(() => watch.look(), trying).catch(
      async (cause: unknown) => {
        throw signal.aborted ? cause : await chainFailure(cause, `following job ${jobId}`);
      },
    );
    for (const it of events) {
      if (it.event.name === 'Submitted') submission = it.event;
      yield* stageOf(it);
    }
    if (claim === Claim.Rejected) return yield await rejection(context, jobId);
    const end = events.map(({ event }) => endOf(event)).find((stage) => stage !== undefined);
    if (end) return yield end;
    if (submission && claim !== Claim.None) {
      if (shown !== submission) {
        const { batchRoot, receipt } = submission.args;
        const opened = await readable(context, terms, key);
        const fetched = patiently(() => fetchResult(opened, jobId, terms, { batchRoot, receipt }, signal), {
          ...trying,
          passing: isPassing,
        });
        yield { stage: 'result', outputs: await fetched };
        shown = submission;
      }
      if (claim === Claim.Final) return yield { stage: 'final' };
      if (until === 'result') return;
    } else if (pastDeadline) {
      return yield { stage: 'late' };
    }
    await pause(context.interval, signal);
  }
}

function* stageOf({ event: { name, args }, transaction }: JobEvent): Generator<JobStage> {
  if (name === 'Accepted') yield { stage: 'accepted', provider: args.provider };
  if (name === 'Exited') yield { stage: 'reopened', provider: args.provider };
  if (name === 'Submitted')
    yield { stage: 'submitted', provider: args.provider, batchRoot: args.batchRoot, transaction };
}

function endOf({ name, args }: LogDescription): JobStage | undefined {
  if (name === 'Cancelled') return { stage: 'cancelled' };
  return name === 'Refunded' ? { stage: 'refunded', amount: args.amount, burned: args.burned } : undefined;
}

async function rejection({ contracts }: JobContext, jobId: string): Promise<JobStage> {
  const batchId = batchIdOf(await contracts.JobMarket.getAddress(), jobId);
  const { challenger, leaf } = await contracts.Claims.conviction(batchId);
  return { stage: 'rejected', challenger, leaf: Number(leaf) };
}

/** What storage may answer today and not tomorrow. */
const isPassing = (error: unknown): boolean =>
  ['STORAGE_UNREACHABLE', 'STORAGE_TIMEOUT', 'STORAGE_NOT_FOUND'].includes(String((error as { code?: unknown }).code));
