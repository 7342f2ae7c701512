/** Where an answer comes from. */
export type Source = 'indexer' | 'chain';

/** Whether what a row tells can still be taken back by a reorganisation of the chain. */
export type Certainty = 'final' | 'provisional';

/** A row without its certainty: a part of another row, as certain as that. */
export type Fact<T> = Omit<T, 'certainty'>;

/** The block that an answer is as of. */
export interface AsOf {
  block: number;
  /** None where the source tells no hash. */
  hash?: string;
  /** Seconds, the chain's clock. */
  time: number;
}

/** What was asked for, with where it comes from and how far it can be relied upon. */
export interface Answer<T> {
  value: T;
  source: Source;
  asOf: AsOf;
  /** Blocks that the source is behind the chain's head; 0 where it stands at it. */
  behind: number;
  /** The newest block that no reorganisation takes back any more. */
  finalBlock: number;
  /** Names of fields that this source cannot tell: they are absent (undefined), not empty. */
  missing: string[];
  /** Whether what a person acts upon was compared with the contracts at the same block; an indexer's lists are not. */
  confirmed?: boolean;
  /** Where the blocks that earlier pages came from were taken back: this page is of other blocks than those. */
  reorganised?: boolean;
}

/** One page of rows, and what to ask for the next one with; no `next`: there are no more. */
export interface Page<T> {
  rows: T[];
  next?: string;
}

/**
 * Rows, newest first. As an iterable it goes through all of them, page by page, all as of the same block:
 *
 * ```ts
 * for await (const job of essaim.reading.jobs({ provider })) console.log(job.id, job.state);
 * ```
 */
export interface Rows<T> extends AsyncIterable<T> {
  /** One page: the first, or the one that `cursor` (the `next` of the page before) leads to. Default size 50, at most 500. */
  page(size?: number, cursor?: string): Promise<Answer<Page<T>>>;
}

/** Which source answers now, and why. */
export interface SourceState {
  source: Source;
  /** Where the chain stands. */
  head: number;
  finalBlock: number;
  /** Where the indexer stands; none where there is none or it does not say. */
  indexed?: number;
  /** Blocks that the answering source is behind the head. */
  behind: number;
  /** Why the indexer does not answer though there is one, or CHAIN_BEHIND: words for a person and what to do. */
  trouble?: Trouble;
}

/** Something that keeps an answer from coming. */
export interface Trouble {
  code: string;
  message: string;
  help: string;
  /** When it began and when it is tried again: milliseconds since 1970, this machine's clock. */
  since?: number;
  retryAt?: number;
}

/**
 * What a watch tells: the newest answer, and what keeps the next from coming. `answer` stays while there is trouble, so that
 * it can be shown as old.
 */
export interface Watched<T> {
  answer?: Answer<T>;
  trouble?: Trouble;
  /** The block of an earlier answer was taken back; `answer` is of the chain as it is now. */
  reorganised?: boolean;
}
