import type { Voucher } from '@essaim/sdk';
import type { Rest } from './conditions.ts';

/**
 * Where a lent tab is: `asking` the sponsor what it offers, `signing` in the wallet, `waiting` for work, `working`, `resting`
 * as it was told to, `away` while the sponsor does not answer, `stopping` once what is being done is done, `stopped`.
 */
export type LendState = 'asking' | 'signing' | 'waiting' | 'working' | 'resting' | 'away' | 'stopping' | 'stopped';

/** Something that a person should know, with what to do about it. */
export interface Notice {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

export interface Progress {
  readonly state: LendState;
  /** Why it rests. */
  readonly rest: Rest | null;
  /** What went wrong last, or why it stopped; null if all is well. */
  readonly notice: Notice | null;
  /** Executions that the sponsor took: for jobs, and to check others' claims. */
  readonly jobs: number;
  readonly checks: number;
  /** Executions that somebody else got, because they took too long or were interrupted. */
  readonly lost: number;
  /** What this session earned, in the token's smallest unit. */
  readonly earned: bigint;
  /** The sponsor's last word for all that it owes the payee; null before the first. */
  readonly voucher: Voucher | null;
  /** Seconds in which the worker ran. */
  readonly seconds: number;
  /** Estimate of what that took ({@link wattHours}). */
  readonly wattHours: number;
  /** Second at which the authorisation ends; null before it is signed. */
  readonly until: number | null;
}

export const BEGINNING: Progress = {
  ...{ state: 'asking', rest: null, notice: null, jobs: 0, checks: 0, lost: 0, earned: 0n },
  ...{ voucher: null, seconds: 0, wattHours: 0, until: null },
};
