import {
  batchId,
  budgetOf,
  compile,
  EssaimError,
  gainOf,
  type Hash,
  type Hasher,
  type RunTerms,
  runSubject,
  type Tensor,
} from '@essaim/protocol';
import { chainFailure } from '../chain/reverts.ts';
import { pause } from '../chain/wait.ts';
import { fetchCheckpoint } from './checkpoint.ts';
import type { TrainingContext } from './context.ts';
import type { RunHistory, SubmittedBatch } from './history.ts';
import { type CheckedReceipt, fetchAggregation, fetchScore, fetchSteps } from './receipts.ts';
import { findRun, RunFeed } from './run-feed.ts';
import { checkpointTypes, fetchRunParts, firstCheckpoint, type RunParts } from './run-parts.ts';
import { makeTrainedModel, type TrainedModel } from './trained-model.ts';

/** Where a run stands. */
export interface RunView {
  readonly runId: Hash;
  readonly terms: RunTerms;
  /** One of `RunState`. */
  readonly state: number;
  readonly history: RunHistory;
  /** Smallest units of the token: what it costs, what was backed so far. */
  readonly budget: bigint;
  readonly backed: bigint;
}

/** A round of a run as it is watched: submitted when a trainer committed to it, settled when it was paid. */
export interface WatchedRound {
  readonly stage: 'submitted' | 'settled' | 'dropped';
  /** Step claims of a seat or the score of its update, or the aggregation of what several submitted. */
  readonly kind: SubmittedBatch['kind'];
  readonly round: number;
  readonly trainer: string;
  readonly checkpoint: Hash;
  /**
   * The loss of each step, of a score before the update and with it, checked against what was committed to; null where
   * the receipt is not served, and of aggregations.
   */
  readonly losses: readonly number[] | null;
  /** Of a score what it gained, in parts of 1e9 of the loss before; else null. */
  readonly gain: number | null;
}

/** What anyone sees of runs of training: where they stand, their rounds, and what they made. */
export class RunReader {
  protected readonly context: TrainingContext;
  readonly #feeds = new Map<string, Promise<RunFeed>>();
  readonly #parts = new Map<string, Promise<RunParts>>();

  constructor(context: TrainingContext) {
    this.context = context;
  }

  /** Where a run stands now. RUN_UNKNOWN */
  async view(runId: Hash): Promise<RunView> {
    const { contracts } = this.context;
    const { terms } = await this.found(runId);
    const [row, sums, { backed }, history] = await this.read(runId, () =>
      Promise.all([
        contracts.TrainingRegistry.run(runId),
        contracts.TrainingRegistry.sums(runId),
        contracts.RunEscrow.fundOf(runId),
        this.history(runId),
      ]),
    );
    return { runId, terms, state: Number(row.state), history, budget: budgetOf(terms, sums.dataPrice), backed };
  }

  /** A run's rounds as its events tell them. */
  async history(runId: Hash): Promise<RunHistory> {
    let feed = this.#feeds.get(runId);
    if (!feed) {
      feed = this.found(runId).then((found) => new RunFeed(this.context, runId, found));
      this.#feeds.set(runId, feed);
      feed.catch(() => this.#feeds.delete(runId));
    }
    return (await feed).read();
  }

  /** A run's step program and schedule, checked against its terms. RUN_MISMATCH, RUN_UNKNOWN */
  async parts(runId: Hash, signal?: AbortSignal): Promise<RunParts> {
    let parts = this.#parts.get(runId);
    if (!parts) {
      parts = this.found(runId).then(({ terms }) => fetchRunParts(this.context.storage, terms, { signal }));
      this.#parts.set(runId, parts);
      parts.catch(() => this.#parts.delete(runId));
    }
    return parts;
  }

  /** A batch's receipt, checked against what was submitted. RECEIPT_MISMATCH */
  async receipt(runId: Hash, submitted: SubmittedBatch, signal?: AbortSignal): Promise<CheckedReceipt> {
    const { chainId, contracts, storage } = this.context;
    const { program, aggregation, score } = await this.parts(runId, signal);
    const registry = await contracts.TrainingRegistry.getAddress();
    const id = batchId(registry, runSubject(runId, submitted.batch));
    const { root } = await this.read(runId, () => contracts.Claims.batch(id));
    const place = { chainId, registry, runId, batchRoot: root };
    if (submitted.kind === 'score') return fetchScore(storage, score!.program, place, submitted, signal);
    return submitted.kind === 'aggregation'
      ? fetchAggregation(storage, aggregation!.program, place, submitted, signal)
      : fetchSteps(storage, program, place, submitted, signal);
  }

  /**
   * The rounds of a run from its first on, each as it is submitted, dropped and settled, with its loss; ends when the run
   * is closed. RUN_UNKNOWN; the signal's reason.
   */
  async *watch(runId: Hash, signal?: AbortSignal): AsyncGenerator<WatchedRound> {
    const { interval, closed } = this.context;
    const until = signal ? AbortSignal.any([signal, closed]) : closed;
    let seen = 0;
    let settled = 0;
    const standing = new Set<SubmittedBatch>();
    for (;;) {
      until.throwIfAborted();
      const history = await this.history(runId);
      for (; seen < history.batches.length; seen++) {
        const submitted = history.batches[seen];
        standing.add(submitted);
        yield this.#watched(runId, 'submitted', submitted, until);
      }
      for (const submitted of standing) {
        if (history.stands(submitted)) continue;
        standing.delete(submitted);
        yield this.#watched(runId, 'dropped', submitted, until);
      }
      for (; settled < history.settled; settled++) {
        for (const submitted of history.rounds[settled].submitted)
          yield this.#watched(runId, 'settled', submitted, until);
      }
      if (history.closed !== null) return;
      await pause(interval, until);
    }
  }

  /** The checkpoint that the run stands at, checked against the chain; of a completed run its result. */
  async checkpoint(runId: Hash, signal?: AbortSignal): Promise<Tensor[]> {
    return this.tensors(runId, (await this.history(runId)).current.parent, { signal });
  }

  /**
   * The tensors of a checkpoint of the run by its root: of its first one, or of what a batch ended in.
   * CHECKPOINT_UNKNOWN, CHECKPOINT_MISMATCH, RECEIPT_MISMATCH
   */
  async tensors(runId: Hash, root: Hash, options: { hasher?: Hasher; signal?: AbortSignal } = {}): Promise<Tensor[]> {
    const { storage } = this.context;
    const [parts, history] = await Promise.all([this.parts(runId, options.signal), this.history(runId)]);
    if (root === parts.terms.checkpoint) return firstCheckpoint(storage, parts, options);
    const made = history.batches.filter(({ batch }) => batch.checkpoint === root);
    if (made.length === 0) {
      throw new EssaimError('CHECKPOINT_UNKNOWN', `no batch of run ${runId} ended in ${root}`, {
        help: 'ask for the checkpoint that a round began from',
      });
    }
    // one of those that ended in it is enough to serve it
    return Promise.any(
      made.map(async (submitted) => {
        const { receipt } = await this.receipt(runId, submitted, options.signal);
        return fetchCheckpoint(storage, checkpointTypes(parts), receipt.checkpoint, root, options);
      }),
    ).catch((error) => {
      throw error instanceof AggregateError ? error.errors[error.errors.length - 1] : error;
    });
  }

  /** The model that the run trained so far, made from its last checkpoint: the same bytes for everyone. */
  async trainedModel(runId: Hash, signal?: AbortSignal): Promise<TrainedModel> {
    const [parts, checkpoint] = await Promise.all([this.parts(runId, signal), this.checkpoint(runId, signal)]);
    return makeTrainedModel(this.context.storage, parts, checkpoint, signal);
  }

  /** TRAINED_MODEL_OTHER unless `programId` is the model that the run trained, with its last checkpoint's weights. */
  async verifyTrained(runId: Hash, programId: Hash, signal?: AbortSignal): Promise<TrainedModel> {
    const trained = await this.trainedModel(runId, signal);
    if (compile(trained.onnx).id === programId) return trained;
    throw new EssaimError('TRAINED_MODEL_OTHER', `program ${programId} is not what run ${runId} trained`, {
      help: 'its owner added another program to the model: do not pay for it as the run’s',
      details: { expected: trained.program.id },
    });
  }

  readonly #runs = new Map<string, ReturnType<typeof findRun>>();
  /** A run's terms and the block in which it was created. RUN_UNKNOWN */
  protected found(runId: Hash): ReturnType<typeof findRun> {
    let found = this.#runs.get(runId);
    if (!found) {
      found = findRun(this.context, runId);
      this.#runs.set(runId, found);
      found.catch(() => this.#runs.delete(runId));
    }
    return found;
  }

  async #watched(
    runId: Hash,
    stage: WatchedRound['stage'],
    submitted: SubmittedBatch,
    signal: AbortSignal,
  ): Promise<WatchedRound> {
    const { kind } = submitted;
    const { round, trainer, checkpoint } = submitted.batch;
    const losses =
      kind !== 'aggregation'
        ? await this.receipt(runId, submitted, signal).then(
            (checked) => checked.losses,
            () => null,
          )
        : null;
    signal.throwIfAborted();
    const gain = kind === 'score' && losses ? gainOf(losses[0], losses[1]) : null;
    return { stage, kind, round, trainer, checkpoint, losses, gain };
  }

  /** Errors of the chain as ours. */
  protected async read<T>(runId: Hash, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof EssaimError) throw cause;
      throw await chainFailure(cause, `asking for run ${runId}`);
    }
  }
}
