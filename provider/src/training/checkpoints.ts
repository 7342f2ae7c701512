import { checkpointRoot, type Hash, type Tensor } from '@essaim/protocol';
import { nativeHasher } from '@essaim/runtime';
import { checkpointTypes, type RunHistory, type SubmittedBatch } from '@essaim/sdk';
import { describeFailure } from '@essaim/sdk/node';
import { demandCheckpoint, isOwnFailure } from '@essaim/verifier';
import { accountOf } from '../shop.ts';
import { rankOf, stepIn } from './seat-order.ts';
import type { OpenRun, TrainingShop } from './shop.ts';

/** Milliseconds for which what a seat ended in may be missing before it is demanded on chain. */
const PATIENCE = 600_000;
const LONGEST_PAUSE = 60_000;

/** A checkpoint that nobody serves. */
interface Missing {
  /** When it was looked for first; when next; and how long after that once more. */
  since: number;
  next: number;
  pause: number;
  asking?: Promise<void>;
}

/**
 * The tensors that batches of a run ended in: as they are served, else as the chain makes their trainers show them, or
 * convicts those that do not. What is asked costs bonds within the purse, and each answer has a clock.
 */
export class Checkpoints {
  readonly #missing = new Map<Hash, Missing>();
  #turn = 0;
  #end = new AbortController();

  /** Forgets what was of another turn. */
  async at(shop: TrainingShop, runId: Hash, turn: number): Promise<void> {
    if (turn === this.#turn) return;
    this.#end.abort();
    this.#end = new AbortController();
    this.#missing.clear();
    if (this.#turn > 0) await shop.rounds.releaseShown(runId);
    this.#turn = turn;
  }

  /** What the current round began from; null while nobody shows it. */
  async parent(
    shop: TrainingShop,
    run: OpenRun,
    { current, batches }: RunHistory,
    seat: number,
    signal?: AbortSignal,
  ): Promise<readonly Tensor[] | null> {
    const made = batches.findLast(({ batch }) => batch.checkpoint === current.parent);
    if (!made) return shop.essaim.training.tensors(run.runId, current.parent, { hasher: nativeHasher, signal });
    const seats = Array.from({ length: run.terms.seats }, (_, i) => i);
    return this.of(shop, run, made, rankOf(seats, seat, current.turn), signal);
  }

  /**
   * What a batch ended in; null while nobody shows it. Who comes later in the order of seats leaves it to those before to
   * ask. With `keep` it is kept on disk, whatever becomes of those who serve it.
   */
  async of(
    shop: TrainingShop,
    run: OpenRun,
    submitted: SubmittedBatch,
    rank: number,
    signal?: AbortSignal,
    keep = false,
  ): Promise<readonly Tensor[] | null> {
    const { essaim, rounds, training } = shop;
    const { runId } = run;
    const { checkpoint: root } = submitted.batch;
    const isOurs = submitted.batch.trainer === (await accountOf(shop).getAddress());
    const kept = isOurs ? await own(shop, run, submitted) : await rounds.shown(runId, root, checkpointTypes(run));
    if (kept) return kept;
    const known = this.#missing.get(root);
    const now = performance.now();
    if (!known || now >= known.next) {
      try {
        const tensors = await essaim.training.tensors(runId, root, { hasher: nativeHasher, signal });
        this.#missing.delete(root);
        if (keep) await rounds.keepShown(runId, root, tensors);
        return tensors;
      } catch (error) {
        if (signal?.aborted || isOurs || isOwnFailure(error)) throw error;
        if (!known) tell(shop, runId, submitted, error);
      }
    }
    const missing = known ?? { since: now, next: now, pause: essaim.pollingInterval };
    this.#missing.set(root, missing);
    if (now >= missing.next) {
      missing.next = now + missing.pause;
      missing.pause = Math.min(2 * missing.pause, LONGEST_PAUSE);
    }
    const due = missing.since + (training.patience ?? PATIENCE) + rank * stepIn(training);
    if (!missing.asking && now >= due) missing.asking = this.#ask(shop, runId, submitted, missing, signal);
    return null;
  }

  async #ask(
    shop: TrainingShop,
    runId: Hash,
    submitted: SubmittedBatch,
    missing: Missing,
    signal?: AbortSignal,
  ): Promise<void> {
    const { essaim, trace, purse, rounds, say } = shop;
    const { batch, kind } = submitted;
    const seat = kind === 'aggregation' ? ('aggregation' as const) : batch.seat;
    const about = { runId, round: batch.round, seat };
    const ended = signal ? AbortSignal.any([signal, this.#end.signal]) : this.#end.signal;
    const desk = {
      ...{ essaim, trace, purse, patience: 0 },
      say: (told: { event: string }) => told.event === 'demanded' && say({ event: 'demanded', ...about }),
    };
    try {
      const tensors = await demandCheckpoint(desk, runId, submitted, ended);
      if (tensors) await rounds.keepShown(runId, batch.checkpoint, tensors);
      say({ event: tensors ? 'shown' : 'silent', ...about });
    } catch (error) {
      if (ended.aborted) return;
      tell(shop, runId, submitted, error);
      missing.since = performance.now();
    } finally {
      missing.asking = undefined;
    }
  }
}

/** What a batch of ours ended in, as it is kept. */
async function own({ rounds }: TrainingShop, run: OpenRun, { kind, batch }: SubmittedBatch) {
  const { round, turn, nextTurn, seat, count } = batch;
  const place = { runId: run.runId, round, turn, ...(kind === 'aggregation' ? { nextTurn } : { seat }) };
  const last = kind === 'score' ? run.terms.steps : count;
  const found = await rounds.waypoint(place as Parameters<typeof rounds.waypoint>[0], checkpointTypes(run), last);
  return found?.step === last && checkpointRoot(found.tensors) === batch.checkpoint ? found.tensors : null;
}

function tell({ say }: TrainingShop, runId: Hash, { kind, batch }: SubmittedBatch, error: unknown): void {
  const seat = kind === 'aggregation' ? ('aggregation' as const) : batch.seat;
  say({ event: 'unshown', runId, round: batch.round, seat, ...describeFailure(error) });
}
