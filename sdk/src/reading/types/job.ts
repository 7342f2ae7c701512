import type { Certainty } from './answer.ts';

/** Where a job stands, as events tell it; that it is late is a view of time passed: `deadline`. */
export type JobRowState =
  | 'posted'
  | 'accepted'
  | 'submitted'
  | 'released'
  | 'paid'
  | 'unlocked'
  | 'cancelled'
  | 'refunded';

/** A job of the market. Amounts of `token` in its smallest unit, locks in wei of MIEL, times in seconds. */
export interface JobRow {
  id: string;
  state: JobRowState;
  requester: string;
  /** Who alone may accept it; null: anyone. */
  wanted: string | null;
  provider: string | null;
  token: string;
  /** Model's number and program's id. */
  model: bigint;
  program: string;
  /** How many inputs. */
  count: number;
  deadline: number;
  /** For each input. */
  fee: bigint;
  royalty: bigint;
  inputsRoot: string;
  /** Digest of the inputs' manifest. */
  inputs: string;
  /** What a provider has to lock, and what it did (null before). */
  collateral: bigint;
  /** Only the named provider reads it, and whom the requester lets; it is not audited. */
  isSealed: boolean;
  lock: bigint | null;
  exits?: number;
  /** Id of its batch of claims; null before it was submitted. */
  batch: string | null;
  isRejected: boolean;
  /** Digest of the receipt's manifest. */
  receipt: string | null;
  paid: bigint | null;
  paidRoyalty: bigint | null;
  refunded: bigint | null;
  burned: bigint | null;
  reason: 'late' | 'rejected' | 'input-fault' | null;
  postedAt: number;
  acceptedAt: number | null;
  submittedAt: number | null;
  endedAt: number | null;
  /** Transaction that posted it, and its block. */
  transaction: string;
  block: number;
  certainty: Certainty;
}

/** Every field names what a row has to have; none: all jobs. */
export interface JobQuery {
  requester?: string;
  provider?: string;
  model?: bigint;
  program?: string;
  state?: JobRowState | JobRowState[];
}
