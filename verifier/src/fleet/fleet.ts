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

/** Milliseconds in which a Redis answers. */
const REACH = 3_000;

/** Milliseconds between two tries to reach it again. */
const LONGEST_PAUSE = 2_000;

const within = <T>(milliseconds: number, work: Promise<T>): Promise<T> =>
  unlessAborted(work, AbortSignal.timeout(milliseconds));

/** Has the workers of a queue look at submissions. What they do not look at is looked at here: nothing depends on them. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #queue: Queue<Submitted, Finding>;
  readonly #events: QueueEvents;
  readonly #hangUp: () => void;

  private constructor(
    options: FleetOptions,
    queue: Queue<Submitted, Finding>,
    events: QueueEvents,
    hangUp: () => void,
  ) {
    this.#options = options;
    this.#queue = queue;
    this.#events = events;
    this.#hangUp = hangUp;
  }

  static async open(options: FleetOptions): Promise<Fleet> {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    const prefix = prefixOf(options.deployment);
    const closing = new AbortController();
    const retryStrategy = (times: number) => (closing.signal.aborted ? null : Math.min(100 * times, LONGEST_PAUSE));
    const lines = [{ maxRetriesPerRequest: 1, enableOfflineQueue: false }, { maxRetriesPerRequest: null }].map(
      (rules) => new Redis(options.address, { ...rules, retryStrategy }),
    );
    const [connection, waiting] = lines;
    const queue = new bullmq.Queue<Submitted, Finding>(LOOKS, { prefix, connection, defaultJobOptions: TERMS });
    const events = new bullmq.QueueEvents(LOOKS, { prefix, connection: waiting });
    // every look that is waited for listens
    queue.setMaxListeners(0);
    events.setMaxListeners(0);
    // lost connections come back by themselves, and what was asked for meanwhile says so
    for (const line of lines) line.on('error', () => {});
    queue.on('error', () => {});
    events.on('error', () => {});
    return new Fleet(options, queue, events, () => {
      closing.abort();
      for (const line of lines) line.disconnect();
    });
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
    await within(REACH, Promise.all([this.#queue.waitUntilReady(), this.#events.waitUntilReady()]));
    const job = await this.#queue.add('look', { jobId, provider, batchRoot, receipt }, { jobId: lookId(submitted) });
    return job.waitUntilFinished(this.#events, this.#options.patience);
  }

  async close(): Promise<void> {
    await within(REACH, Promise.all([this.#queue.close(), this.#events.close()])).catch(() => {});
    this.#hangUp();
  }
}

/** What a worker said; everything is doubtful where it is not a finding. */
function readFinding(said: unknown): Finding {
  const doubtful = (said as Partial<Finding> | null)?.doubtful;
  const isFinding = Array.isArray(doubtful) && doubtful.every((leaf) => Number.isSafeInteger(leaf));
  return { doubtful: isFinding ? doubtful : 'all' };
}
