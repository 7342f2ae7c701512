/**
 * The network in numbers. MIEL in wei. Without an indexer sums are absent, and so are counts where the chain is too long to
 * be counted.
 */
export interface Overview {
  jobs?: number;
  batches?: number;
  /** Batches that were rejected. */
  rejected?: number;
  demands?: number;
  audits?: number;
  models?: number;
  datasets?: number;
  runs?: number;
  proposals?: number;
  /** The token of stakes and votes. */
  miel: string;
  supply: bigint;
  /** MIEL that StakeManager holds: staked, delegated, credited. */
  staked: bigint;
  slashed?: bigint;
  burned?: bigint;
  emitted?: bigint;
  feesBurned?: bigint;
  /** Epoch of the parameters. */
  epoch: number;
  guardian: string | null;
  /** Second until which new work is paused; 0: it is not. */
  pausedUntil: number;
  /** What happened by hour or by day, oldest first; hours and days without anything are not in it. */
  activity?: ActivityPoint[];
  flows?: FlowPoint[];
}

export interface OverviewQuery {
  interval?: 'hour' | 'day';
  /** How many of the newest hours or days. Default 30. */
  spans?: number;
}

export type ActivityKind =
  | 'Posted'
  | 'Accepted'
  | 'Submitted'
  | 'Paid'
  | 'Refunded'
  | 'Rejected'
  | 'Demanded'
  | 'Trained'
  | 'Voted'
  | 'Audited'
  | 'AuditMissed';

/** How often something happened in one hour or day, and until its end. */
export interface ActivityPoint {
  /** Second in which the hour or day began. */
  time: number;
  kind: ActivityKind;
  count: number;
  total: number;
}

export type FlowKind =
  | 'Fee'
  | 'Royalty'
  | 'Refund'
  | 'Revenue'
  | 'Staked'
  | 'Unstaked'
  | 'Delegated'
  | 'Undelegated'
  | 'Slashed'
  | 'Burned'
  | 'Backed'
  | 'Emitted'
  | 'FeesBurned'
  | 'AuditPay';

/** How much of a token moved for one reason in one hour or day, in its smallest unit. */
export interface FlowPoint {
  time: number;
  kind: FlowKind;
  token: string;
  count: number;
  amount: bigint;
  largest: bigint;
  total: bigint;
}
