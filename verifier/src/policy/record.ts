import type { Locks } from './locks.ts';

/** What is known of an executor: of the chain, of what the protocol recorded about its agent, and of one's own checks. */
export interface ExecutorRecord {
  /** Batches of it that were convicted. */
  readonly convictions: number;
  /** Seconds since its first batch. */
  readonly age: number;
  /** Locks, in MIEL, of batches of it that stood unchallenged past their windows. */
  readonly stood: Locks;
  /** Locks, in MIEL, of batches of it in which this verifier found no fault. */
  readonly clean: Locks;
}

/** How much a batch that merely stood counts beside one that was checked here: nobody may have looked at it. */
const UNSEEN = 0.1;
/** Checked batches of the same lock, and as many of them, that halve the doubt. */
const HALF = 20;
/** What a conviction takes back of that: none is forgotten. */
const CONVICTION = 4;
const MONTH = 30 * 86_400;

/**
 * How much an executor is doubted when it has so many MIEL at stake: 1 for one that nobody knows, less with every batch
 * that was right, and up again with every conviction. A batch with a smaller lock counts for as much less, and all count
 * less in a first month, so that a hundred small honest jobs buy no trust for a large one.
 */
export function doubtOf({ convictions, age, stood, clean }: ExecutorRecord, lock: number): number {
  const trust = ((clean.against(lock) + UNSEEN * stood.against(lock)) * Math.min(1, age / MONTH)) / HALF;
  const doubt = 1 + CONVICTION * convictions;
  return doubt / (doubt + trust);
}
