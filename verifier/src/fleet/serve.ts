import type { Deployment } from '@essaim/sdk';
import { describeFailure, type Failure, watch } from '@essaim/sdk/node';
import type { Submitted } from '../case.ts';
import type { Finding, Look } from './look.ts';
import { LOOKS, prefixOf } from './queue.ts';

export interface ServeOptions {
  /** `redis://…` or `rediss://…` */
  readonly address: string;
  readonly deployment: Deployment;
  readonly look: Look;
  /** Submissions that are looked at at once. */
  readonly atOnce: number;
  /** Milliseconds between two looks at whether the queue is still there. */
  readonly interval: number;
  /** Milliseconds after which a worker that says nothing has lost what it had in hand. Default: a quarter of a minute. */
  readonly lock?: number;
  readonly tell: (event: FleetEvent) => void;
}

/** What a worker of a fleet did: it looked at a submission, or something failed that is tried again, here or elsewhere. */
export type FleetEvent =
  | { readonly event: 'looked'; readonly jobId: string; readonly doubtful: number | 'all' }
  | (Failure & { readonly event: 'retrying'; readonly jobId?: string });

/** How often a submission may be in the hand of a worker that dies; then the verifier looks itself. */
const DEATHS = 5;

/** Takes looks from a queue until the signal is aborted, and then finishes what it has in hand. */
export async function serveLooks(options: ServeOptions, signal: AbortSignal): Promise<void> {
  const { address, deployment, look, atOnce, interval, tell, lock = 15_000 } = options;
  const { Queue, Worker } = await import('bullmq');
  const prefix = prefixOf(deployment);
  const worker = new Worker<Submitted, Finding>(LOOKS, ({ data }) => look(data), {
    ...{ prefix, connection: { url: address, maxRetriesPerRequest: null } },
    ...{ concurrency: atOnce, lockDuration: lock, stalledInterval: lock, maxStalledCount: DEATHS },
  });
  worker.on('completed', ({ data: { jobId } }, { doubtful }) =>
    tell({ event: 'looked', jobId, doubtful: doubtful === 'all' ? doubtful : doubtful.length }),
  );
  worker.on('failed', (job, error) => tell({ event: 'retrying', jobId: job?.data.jobId, ...describeFailure(error) }));
  worker.on('error', (error) => tell({ event: 'retrying', ...describeFailure(error) }));
  const queue = new Queue(LOOKS, { prefix, connection: { url: address, maxRetriesPerRequest: 1 } });
  queue.on('error', () => {});
  const alive = async (): Promise<void> => void (await queue.getWaitingCount());
  try {
    await watch(alive, interval, signal, (failure) => tell({ event: 'retrying', ...failure }));
  } finally {
    await Promise.all([worker.close(), queue.close()]);
  }
}
