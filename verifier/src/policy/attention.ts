import { type Budget, type Candidate, chanceOf } from './chance.ts';
import { Hours } from './hours.ts';
import type { Lot } from './lot.ts';
import { doubtOf, type ExecutorRecord } from './record.ts';
import type { Verdicts } from './verdicts.ts';

/** What a batch's chance is reckoned from. */
export interface Met {
  readonly batchId: string;
  readonly root: string;
  readonly executor: string;
  /** MIEL: what is at stake, what the job pays where that is in MIEL, and what convicting it would bring. */
  readonly lock: number;
  readonly fee: number;
  readonly bounty: number;
  /** When it was submitted, in seconds of chain time. */
  readonly time: number;
  readonly record: Omit<ExecutorRecord, 'clean'>;
  readonly executions: number;
  readonly seconds: number;
}

/** Whether a batch is looked at, and why. Amounts in MIEL. */
export interface Look {
  readonly isLooked: boolean;
  readonly chance: number;
  readonly lot: number;
  readonly value: number;
  readonly doubt: number;
  /** In words. */
  readonly why: string;
}

/** Batches that are kept: more than any window has. */
const MOST = 100_000;
const EVERYTHING = { isLooked: true, chance: 1, lot: 0, value: 0, doubt: 1, why: 'everything is looked at' } as const;

/**
 * Chooses which batches are looked at that nobody is assigned to: all without a budget. With one each has a lot of its own
 * that nobody knows without this verifier's secret, and is looked at where that is below its chance.
 */
export class Attention {
  readonly #lot: Lot;
  readonly #budget: Budget;
  readonly #verdicts: Verdicts;
  readonly #met = new Hours<Candidate>(MOST);

  constructor(lot: Lot, budget: Budget, verdicts: Verdicts) {
    this.#lot = lot;
    this.#budget = budget;
    this.#verdicts = verdicts;
  }

  /** Whether there is anything to choose. */
  get isBounded(): boolean {
    return this.#budget.executions !== undefined || this.#budget.seconds !== undefined;
  }

  /** Notes a batch, so that those of the same hour share the budget with it. */
  meet(met: Met): void {
    if (this.isBounded) this.#met.add(met.batchId, met.time, () => this.#candidate(met));
  }

  /** Whether a batch is looked at. What was decided once stays so, also after a restart, unless it is only asked for. */
  look(met: Met, isAsked = false): Look {
    if (!this.isBounded) return EVERYTHING;
    this.meet(met);
    const hour = this.#met.upTo(met.time);
    const candidate = hour.get(met.batchId) ?? this.#candidate(met);
    const chance = chanceOf(candidate, [...hour.values()], this.#budget);
    const lot = this.#lot(`${met.batchId} ${met.root}`);
    const kept = this.#verdicts.of(met);
    const isLooked = kept ? kept.verdict !== 'spared' : lot < chance;
    if (!kept && !isAsked) this.#keep(met, isLooked ? 'chosen' : 'spared');
    const { value, doubt } = candidate;
    const why =
      `${value.toFixed(1)} MIEL at risk (fee ${met.fee}, lock ${met.lock}, bounty ${met.bounty}), ` +
      `doubt ${doubt.toFixed(3)} (${met.record.convictions} convictions, ${this.#verdicts.clean(met.executor).length} ` +
      `checked clean here, ${met.record.stood.length} stood), ${hour.size} batches within the hour: ` +
      `chance ${percent(chance)}, lot ${percent(lot)}${kept ? ', decided before' : ''}`;
    return { isLooked, chance, lot, value, doubt, why };
  }

  /** Notes that a batch was checked and nothing was wrong with it. */
  clean(batch: Pick<Met, 'batchId' | 'root' | 'executor' | 'lock'>): void {
    this.#keep(batch, 'checked');
  }

  /** Whether a batch was checked before. */
  isClean(batch: Pick<Met, 'batchId' | 'root'>): boolean {
    return this.#verdicts.of(batch)?.verdict === 'checked';
  }

  #candidate({ lock, fee, bounty, record, executor, executions, seconds }: Met): Candidate {
    const doubt = doubtOf({ ...record, clean: this.#verdicts.clean(executor) }, lock);
    return { value: fee + lock + bounty, doubt, executions, seconds };
  }

  #keep(
    { batchId, root, executor, lock }: Pick<Met, 'batchId' | 'root' | 'executor' | 'lock'>,
    verdict: 'chosen' | 'spared' | 'checked',
  ) {
    this.#verdicts.keep({ batchId, root, executor, lock, verdict, at: Math.floor(Date.now() / 1_000) });
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
