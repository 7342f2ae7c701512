import type { Certainty } from './answer.ts';

/** An audit of one claim of a batch. */
export interface AuditRow {
  /** Id of the audit's own batch. */
  id: string;
  /** The batch that it is of, and which claim. */
  batch: string;
  leaf: number;
  auditor: string;
  seat: number;
  state: 'submitted' | 'settled' | 'struck' | 'convicted';
  index: number;
  /** How many of the batch's claims are audited, and with what probability in basis points. */
  audits: number;
  odds: number;
  /** The verdict: the claim is right. */
  passed: boolean;
  segment: number;
  token: string | null;
  /** In the token's smallest unit. */
  pay: bigint | null;
  submittedAt: number;
  endedAt: number | null;
  transaction: string;
  certainty: Certainty;
}

export interface AuditQuery {
  batch?: string;
  auditor?: string;
  state?: AuditRow['state'];
  passed?: boolean;
}
