import { EssaimError, type Hash, type RunTerms, scoreRows, stepsOf, ZERO_HASH } from '@essaim/protocol';
import { ZeroAddress } from 'ethers';
import { chainFailure } from '../chain/reverts.ts';
import type { TrainingContext } from './context.ts';
import { recordRandom } from './random-round.ts';
import { sendFrom } from './sending.ts';

/** What a seat of a turn has come to. */
export interface SeatScore {
  readonly seat: number;
  /** Who committed; null where nobody did, or the commitment ended without a score. */
  readonly trainer: string | null;
  readonly scored: boolean;
  /** What its update improved, in parts of 1e9 of the loss before. */
  readonly gain: number;
  /** Steps that it is paid as and weighs, as the gains are now. */
  readonly steps: number;
}

/** Where a turn of a run of private shards stands. */
export interface TurnScores {
  readonly turn: number;
  /** The random round that names its rows; 0 while seats commit. */
  readonly drawn: number;
  /** Rows of the data set that are scored on, in the order of their batch; null until they are known. */
  readonly rows: readonly number[] | null;
  /** Last second in which the turn's seats commit, once drawn in which they score. */
  readonly until: number;
  readonly committed: number;
  readonly scored: number;
  /** Sum of gains. */
  readonly sum: number;
  /** By seat. */
  readonly seats: readonly SeatScore[];
}

type FindTerms = (runId: Hash) => Promise<{ readonly terms: RunTerms }>;

/** Rounds of runs of private shards: what updates gained, and what anyone may do so that they go on. */
export class Scores {
  readonly #context: TrainingContext;
  readonly #found: FindTerms;

  constructor(context: TrainingContext, found: FindTerms) {
    this.#context = context;
    this.#found = found;
  }

  /** Where a turn (default: the current one) of a run stands. RUN_NOT_PRIVATE, RUN_UNKNOWN */
  async at(runId: Hash, turn?: number): Promise<TurnScores> {
    const terms = await this.#terms(runId);
    try {
      return await this.#read(runId, terms, turn);
    } catch (cause) {
      throw await chainFailure(cause, `asking for the scores of run ${runId}`);
    }
  }

  /** Fixes the random round of the current turn with the seats that committed, once its time is over. ScoredRounds_Phase */
  async draw(runId: Hash, signal?: AbortSignal): Promise<void> {
    const terms = await this.#terms(runId);
    await this.#send(this.#rounds.draw.populateTransaction(terms), 'drawing the rows of a round', signal);
  }

  /** Records the value that names a turn's rows, unless somebody did; false while its block is not there yet. */
  async record(runId: Hash, signal?: AbortSignal): Promise<boolean> {
    const { drawn } = await this.at(runId);
    return drawn !== 0 && recordRandom(this.#context, drawn, signal);
  }

  /** Begins the current round once more, where its time is over and no update improved. ScoredRounds_Phase */
  async repeat(runId: Hash, signal?: AbortSignal): Promise<void> {
    const terms = await this.#terms(runId);
    await this.#send(this.#rounds.again.populateTransaction(terms), 'beginning a round again', signal);
  }

  /** Ends a seat's commitment that was not shown in time: its trainer loses the seat and a share of a lock. ScoredRounds_… */
  async miss(runId: Hash, turn: number, seat: number, signal?: AbortSignal): Promise<void> {
    const terms = await this.#terms(runId);
    await this.#send(this.#rounds.miss.populateTransaction(terms, turn, seat), 'ending a missed commitment', signal);
  }

  get #rounds() {
    return this.#context.contracts.ScoredRounds;
  }

  #send(...[call, doing, signal]: Parameters<typeof sendFrom> extends [unknown, ...infer Rest] ? Rest : never) {
    return sendFrom(this.#context, call, doing, signal);
  }

  async #read(runId: Hash, terms: RunTerms, asked?: number): Promise<TurnScores> {
    const row = await this.#context.contracts.TrainingRegistry.run(runId);
    const turn = asked ?? Number(row.turn);
    const [phase, seed, updates] = await Promise.all([
      this.#rounds.phase(runId, turn),
      this.#rounds.seed(runId, turn),
      Promise.all(Array.from({ length: terms.seats }, (_, seat) => this.#rounds.update(runId, turn, seat))),
    ]);
    const [drawn, sum] = [Number(phase.drawn), Number(phase.sum)];
    return {
      ...{ turn, drawn, sum, committed: Number(phase.committed), scored: Number(phase.scored) },
      rows: seed === ZERO_HASH ? null : scoreRows(terms, seed),
      until: Number(drawn === 0 ? row.time : phase.time) + terms.roundSeconds,
      seats: updates.map(({ trainer, scored, gain }, seat) => ({
        ...{ seat, scored, gain: Number(gain) },
        trainer: trainer === ZeroAddress ? null : trainer,
        steps: gain === 0n ? 0 : stepsOf(Number(gain), sum, terms),
      })),
    };
  }

  async #terms(runId: Hash): Promise<RunTerms> {
    const { terms } = await this.#found(runId);
    if (terms.scoreProgramId !== ZERO_HASH) return terms;
    throw new EssaimError('RUN_NOT_PRIVATE', `run ${runId} pays for steps on its data set, not for scores`, {
      help: 'view, history and watch say where it stands',
    });
  }
}
