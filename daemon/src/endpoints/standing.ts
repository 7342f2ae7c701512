import type { Failing } from './answer.ts';

const FIRST_REST = 500;
const LONGEST_REST = 60_000;
/** Milliseconds for which one that lied is not asked: the first time, and at most. */
const FIRST_EXILE = 60_000;
const LONGEST_EXILE = 3_600_000;
/** Milliseconds that an endpoint may ask to be left alone for. */
const LONGEST_WISH = 600_000;
const LEAST_PATIENCE = 300;
const MOST_PATIENCE = 2_000;

/** What an endpoint is worth now. */
export type Worth = 'well' | 'resting' | 'limited' | 'behind' | 'lying' | 'refused';

/** How an endpoint did lately, and so whether it is asked. Times are milliseconds of one clock. */
export class Standing {
  readonly #now: () => number;
  #rest: { readonly until: number; readonly isWish: boolean } | undefined;
  #failures = 0;
  #exile = 0;
  #lies = 0;
  #mean = 100;
  #overdue = 0;
  /** It is on another chain. */
  isRefused = false;
  /** Its head is far below the others'. */
  isBehind = false;
  /** Its chain id was read since it last failed. */
  isProven = false;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get worth(): Worth {
    if (this.isRefused) return 'refused';
    if (this.#now() < this.#exile) return 'lying';
    if (this.#rest && this.#now() < this.#rest.until) return this.#rest.isWish ? 'limited' : 'resting';
    return this.isBehind ? 'behind' : 'well';
  }

  /** It may be asked. */
  get isAble(): boolean {
    const { worth } = this;
    return worth !== 'refused' && worth !== 'lying' && worth !== 'limited';
  }

  /** It has not answered something in time, and still does not. */
  get isLate(): boolean {
    return this.#overdue > 0;
  }

  /** When it may be asked again, for one that rests. */
  get restsUntil(): number {
    return this.#rest?.until ?? 0;
  }

  /** The lower the sooner it is asked. */
  get rank(): number {
    return (this.worth === 'resting' ? 4 : 0) + (this.isBehind ? 2 : 0) + (this.isLate ? 1 : 0);
  }

  /** Milliseconds after which it is late: a few times what it takes otherwise. */
  get patience(): number {
    return Math.min(MOST_PATIENCE, Math.max(LEAST_PATIENCE, 4 * this.#mean));
  }

  /** A question that it has not answered in time, until it does. */
  overdue(by: 1 | -1): void {
    this.#overdue += by;
  }

  answered(took: number): void {
    this.#mean += (took - this.#mean) / 8;
    this.#failures = 0;
    this.#rest = undefined;
  }

  /** Lets it rest: for as long as it asks for, or twice as long each time. */
  failed({ reason, retryAfter }: Failing): void {
    // it answered, only not this
    if (reason === 'refused') return;
    if (reason !== 'limited') this.isProven = false;
    // questions that were out at the same time fail for one reason
    if (retryAfter === undefined && this.#rest && this.#now() < this.#rest.until) return;
    const rest = Math.min(FIRST_REST * 2 ** this.#failures++, LONGEST_REST);
    const until = this.#now() + Math.min(retryAfter ?? rest, LONGEST_WISH);
    this.#rest = { until, isWish: reason === 'limited' };
  }

  /** Sets it aside, each time for twice as long. */
  lied(): void {
    this.#exile = this.#now() + Math.min(FIRST_EXILE * 2 ** this.#lies++, LONGEST_EXILE);
  }
}
