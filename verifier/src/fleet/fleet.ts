import { type Deployment, unlessAborted } from '@essaim/sdk';
import { describeFailure, type Failure } from '@essaim/sdk/node';
import type { Queue, QueueEvents } from 'bullmq';
import type { Submitted } from '../case.ts';
import type { Finding, Look } from './look.ts';
import { LOOKS, lookId, prefixOf, TERMS } from './queue.ts';

export interface FleetOptions {
  /** `redis://…` or `rediss://…` */
  readonly address: string;
  readonly deployment: Deployment;
  /** Looks here where the fleet does not. */
  readonly alone: Look;
  /** Milliseconds after which nobody is expected to look any more. */
  readonly patience: number;
  /** Told when the fleet did not look, and why. */
  readonly tell: (failure: Failure) => void;
}

/** Has the workers of a queue look at submissions. What they do not look at is looked at here: nothing depends on them. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #queue: Queue<Submitted, Finding>;
  readonly #events: QueueEvents;

  private constructor(options: FleetOptions, queue: Queue<Submitted, Finding>, events: QueueEvents) {
    this.#options = options;
    this.#queue = queue;
    this.#events = events;
  }

  static async open(options: FleetOptions): Promise<Fleet> {
    const bullmq = await import('bullmq');
    const prefix = prefixOf(options.deployment);
    const url = options.address;
    const queue = new bullmq.Queue<Submitted, Finding>(LOOKS, {
      ...{ prefix, defaultJobOptions: TERMS },
      connection: { url, maxRetriesPerRequest: 1, enableOfflineQueue: false },
    });
    const events = new bullmq.QueueEvents(LOOKS, { prefix, connection: { url } });
    // lost connections come back by themselves, and what was asked for meanwhile says so
    queue.on('error', () => {});
    events.on('error', () => {});
    return new Fleet(options, queue, events);
  }

  readonly look: Look = async (submitted, signal, trace) => {
    try {
      return readFinding(await unlessAborted(this.#ask(submitted), signal));
    } catch (error) {
      if (signal?.aborted) throw error;
      this.#options.tell(describeFailure(error));
      return this.#options.alone(submitted, signal, trace);
    }
  };

  async #ask(submitted: Submitted): Promise<unknown> {
    const { jobId, provider, batchRoot, receipt } = submitted;
    const job = await this.#queue.add('look', { jobId, provider, batchRoot, receipt }, { jobId: lookId(submitted) });
    return job.waitUntilFinished(this.#events, this.#options.patience);
  }

  async close(): Promise<void> {
    await Promise.all([this.#queue.close(), this.#events.close()]);
  }
}

/** What a worker said; everything is doubtful where it is not a finding. */
function readFinding(said: unknown): Finding {
  const doubtful = (said as Partial<Finding> | null)?.doubtful;
  const isFinding = Array.isArray(doubtful) && doubtful.every((leaf) => Number.isSafeInteger(leaf));
  return { doubtful: isFinding ? doubtful : 'all' };
}
