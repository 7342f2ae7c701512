import type { Contribution, Hash, RunBatch, RunTerms } from '@essaim/protocol';

/** A batch that was submitted to a run: step claims of a seat or the score of its update, or an aggregation of several. */
export interface SubmittedBatch {
  readonly kind: 'steps' | 'score' | 'aggregation';
  readonly batch: RunBatch;
  /** Checkpoint that its round began from. */
  readonly parent: Hash;
  /** Of an aggregation; else empty. */
  readonly contributions: readonly Contribution[];
  /** Digest of its receipt's manifest. */
  readonly receipt: Hash;
  readonly transaction: string;
}

/** A round that has begun, and how it ended if it did. */
export interface RunRound {
  readonly round: number;
  readonly turn: number;
  /** Checkpoint that it began from. */
  readonly parent: Hash;
  /** Batches of seats that stand: of steps, or scores. */
  readonly submitted: readonly SubmittedBatch[];
  /** The batch whose checkpoint the next round begins from: with one seat the only one, else an aggregation. */
  readonly made: SubmittedBatch | null;
}

/** What happened in a run: the events of {ITrainingRegistry}. */
export type RunEvent =
  | { readonly name: 'Submitted'; readonly submitted: Omit<SubmittedBatch, 'parent'> }
  | {
      readonly name: 'Dropped';
      readonly kind: SubmittedBatch['kind'];
      readonly trainer: string;
      readonly round: number;
      readonly turn: number;
    }
  | { readonly name: 'Settled'; readonly round: number }
  | { readonly name: 'Repeated'; readonly round: number; readonly turn: number }
  | { readonly name: 'Closed'; readonly state: number };

interface Start {
  round: number;
  turn: number;
  parent: Hash;
  submitted: SubmittedBatch[];
  made: SubmittedBatch | null;
}

/**
 * A run's rounds from its events, as the registry keeps them: each round that begins has a turn of its own, and a
 * rejected batch takes the run back to where its round began.
 */
export class RunHistory {
  readonly terms: RunTerms;
  #turns = 1;
  #settled = 0;
  #closed: number | null = null;
  readonly #starts: Start[];
  readonly #all: SubmittedBatch[] = [];
  /** Checkpoint that the round of each turn began from. */
  readonly #parents = new Map<number, Hash>();

  constructor(terms: RunTerms) {
    this.terms = terms;
    this.#parents.set(1, terms.checkpoint);
    this.#starts = [{ round: 0, turn: 1, parent: terms.checkpoint, submitted: [], made: null }];
  }

  /** Rounds that the run stands on, oldest first; the last is the current one. */
  get rounds(): readonly RunRound[] {
    return this.#starts;
  }

  /** The round that is trained now; after the last one, none is. */
  get current(): RunRound {
    return this.#starts[this.#starts.length - 1];
  }

  get settled(): number {
    return this.#settled;
  }

  /** State in which the run was closed, as the chain numbers it; null before. */
  get closed(): number | null {
    return this.#closed;
  }

  /** Everything that was ever submitted, oldest first. */
  get batches(): readonly SubmittedBatch[] {
    return this.#all;
  }

  /** Takes in the next event. */
  apply(event: RunEvent): void {
    if (event.name === 'Settled') this.#settled = event.round + 1;
    if (event.name === 'Closed') this.#closed = event.state;
    if (event.name === 'Dropped') this.#drop(event);
    if (event.name === 'Repeated') this.#repeat(event.turn);
    if (event.name === 'Submitted') this.#submit(event.submitted);
  }

  /** Whether a batch belongs to the rounds that the run stands on. */
  stands({ batch, kind }: SubmittedBatch): boolean {
    const start = this.#starts[batch.round];
    if (!start) return false;
    const own = kind === 'aggregation' ? [start.made] : start.submitted;
    const isIt = (other: SubmittedBatch | null) =>
      other?.batch.turn === batch.turn &&
      other.batch.nextTurn === batch.nextTurn &&
      other.batch.trainer === batch.trainer;
    return own.some(isIt);
  }

  /** Whether a round was settled without a seat's batch of it, which came too late to be taken in. */
  wasLeftOut({ batch, kind }: SubmittedBatch): boolean {
    const start = this.#starts[batch.round];
    if (kind === 'aggregation' || this.terms.seats === 1 || batch.round >= this.#settled) return false;
    return start?.turn === batch.turn && !start.made?.contributions.some(({ trainer }) => trainer === batch.trainer);
  }

  /** The turn that the next round to begin will have. */
  get nextTurn(): number {
    return this.#turns + 1;
  }

  #submit(given: Omit<SubmittedBatch, 'parent'>): void {
    const submitted = { ...given, parent: this.#parents.get(given.batch.turn) ?? this.terms.checkpoint };
    this.#all.push(submitted);
    const { current } = this;
    const start = this.#starts[current.round];
    const { kind, batch } = submitted;
    if (kind !== 'aggregation') start.submitted.push(submitted);
    if (kind !== 'aggregation' && this.terms.seats > 1) return;
    start.made = submitted;
    this.#turns++;
    this.#parents.set(this.#turns, batch.checkpoint);
    this.#starts.push({
      round: current.round + 1,
      turn: this.#turns,
      parent: batch.checkpoint,
      submitted: [],
      made: null,
    });
  }

  /** A round of scores none of which improved begins again: they are outside the run now. */
  #repeat(turn: number): void {
    const start = this.#starts[this.current.round];
    [start.turn, start.submitted] = [turn, []];
    this.#turns = turn;
    this.#parents.set(turn, start.parent);
  }

  /** With one seat a round that begins again has another turn. */
  #again(start: Start): void {
    start.turn = ++this.#turns;
    this.#parents.set(start.turn, start.parent);
  }

  #drop({ kind, trainer, round, turn }: Extract<RunEvent, { name: 'Dropped' }>): void {
    const start = this.#starts[round];
    if (!start) return;
    const isIt = (other: SubmittedBatch) => other.batch.turn === turn && other.batch.trainer === trainer;
    const isAggregation = kind === 'aggregation' && start.made?.kind === 'aggregation' && isIt(start.made);
    if (!isAggregation && (kind === 'aggregation' || !start.submitted.some(isIt))) return;
    if (!isAggregation) start.submitted = start.submitted.filter((other) => !isIt(other));
    // of a settled round it was left out
    if (round < this.#settled) return;
    if (!isAggregation && this.terms.seats > 1) this.#turns++;
    // what stood on it is outside the run now
    if (this.#starts.length > round + 1) {
      this.#starts.length = round + 1;
      start.made = null;
      if (this.terms.seats === 1) this.#again(start);
    }
  }
}
