import type { Certainty } from './answer.ts';

/** An account of any role. MIEL in wei. */
export interface AgentRow {
  address: string;
  balance: bigint;
  /** Stake outside provisions, and what of it leaves from `unbondingUntil` on. */
  free: bigint;
  unbonding: bigint;
  unbondingUntil: number;
  /** Bounties and compensations that can be withdrawn. */
  credit: bigint;
  /** Who votes with its liquid MIEL; null: nobody. */
  delegate: string | null;
  /** Who votes with its stake; null: itself. */
  stakeDelegate: string | null;
  votes: bigint;
  stakeVotes: bigint;
  /** Counted from events. */
  posted?: number;
  accepted?: number;
  paid?: number;
  late?: number;
  convictions?: number;
  challenges?: number;
  slashed?: bigint;
  /** Audits that it was drawn for and did not submit. */
  missed?: number;
  /** Number of its auditor's seat. */
  auditSeat: number | null;
  /** Number of its agent of ERC-8004. */
  identity: bigint | null;
  provisions: ProvisionRow[];
  certainty: Certainty;
}

/** Stake that an operator gave to one client and one slasher, in wei. */
export interface ProvisionRow {
  client: string;
  slasher: string;
  amount: bigint;
  thawing: bigint;
  thawingUntil: number;
  slashed?: bigint;
  /** Address of the pool's fees; null: no delegators. */
  pool: { fees: string; cut: number; amount: bigint } | null;
}

/** An agent with more of its record. */
export interface AgentDetail extends AgentRow {
  /** What came of the work of its agent of ERC-8004; null: it has none. */
  record: { paid: number; stood: number; late: number; rejected: number; voided: number } | null;
  /** Where its registration file is. */
  uri: string | null;
  /** What it was paid, by token, in its smallest unit. */
  earnings?: { token: string; amount: bigint }[];
}

export interface AgentQuery {
  /** Those who did this at least once: by default, those who staked. `any`: whoever was seen; needs an indexer. */
  role?: 'provider' | 'requester' | 'trainer' | 'auditor' | 'challenger' | 'staker' | 'any';
}
