import type { ProposalState } from '../../governance/proposals.ts';
import type { Certainty } from './answer.ts';

/** A proposal. Votes in wei of MIEL, times in seconds. `essaim.governance` decodes its calls. */
export interface ProposalRow {
  id: bigint;
  proposer: string;
  /**
   * As the governor has it: by the chain's clock, so it is told by the chain in any answer; absent only where the chain did
   * not answer while the indexer did.
   */
  state?: ProposalState;
  /** What events alone tell of it. */
  stage: 'open' | 'queued' | 'executed' | 'cancelled';
  actions: { target: string; value: bigint; data: string }[];
  title: string;
  description: string;
  voteStart: number;
  voteEnd: number;
  /** From when on it can be executed; null before it is queued. */
  eta: number | null;
  votes: { for: bigint; against: bigint; abstain: bigint };
  createdAt: number;
  transaction: string;
  certainty: Certainty;
}

/** A proposal with who voted, newest first. */
export interface ProposalDetail extends ProposalRow {
  ballots: BallotRow[];
}

export interface BallotRow {
  voter: string;
  support: 'against' | 'for' | 'abstain';
  weight: bigint;
  reason: string;
  time: number;
}

export interface ProposalQuery {
  proposer?: string;
  stage?: ProposalRow['stage'];
}
