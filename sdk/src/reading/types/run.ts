import type { Certainty } from './answer.ts';

export type RunRowState = 'funding' | 'funded' | 'running' | 'stopped' | 'completed' | 'ended' | 'void';

/** A training run. Amounts of `token` in its smallest unit, times in seconds. */
export interface RunRow {
  id: string;
  state: RunRowState;
  initiator: string;
  token: string;
  program: string;
  aggregationProgram: string;
  /** Null: rounds are not scored. */
  scoreProgram: string | null;
  /** Model that it begins from; null: from the manifest's own weights. */
  baseModel: bigint | null;
  dataset: bigint;
  /** Of the data set. */
  version: number;
  checkpoint: string;
  rows: bigint;
  batchRows: number;
  /** Steps of a round. */
  steps: number;
  rounds: number;
  seats: number;
  depth: number;
  feePerStep: bigint;
  aggregationFee: bigint;
  fundingDeadline: number;
  roundSeconds: number;
  deadline: number;
  collateral: bigint;
  /** Parts of the trained model's shares, in basis points. */
  backersShare: number;
  trainersShare: number;
  initiatorShare: number;
  /** Digest of its manifest. */
  manifest: string;
  backed: bigint;
  /** Rounds that are settled. */
  settled: number;
  /** What came of it. */
  model: bigint | null;
  createdAt: number;
  closedAt: number | null;
  certainty: Certainty;
}

/** A run with who trains it and how it goes. */
export interface RunDetail extends RunRow {
  backings: BackingRow[];
  trainers: TrainerRow[];
  /** Oldest first. A round that began again is there once for each time. */
  history: RoundRow[];
  submissions: SubmissionRow[];
}

export interface RunQuery {
  initiator?: string;
  dataset?: bigint;
  state?: RunRowState | RunRowState[];
}

export interface BackingRow {
  backer: string;
  amount: bigint;
  refunded: bigint;
  compensated: bigint;
}

/** Who trains, or did. `seat` is null once it left. */
export interface TrainerRow {
  trainer: string;
  seat: number | null;
  submissions: number;
  earned: bigint;
  compensation: bigint;
  sharesClaimed: bigint;
  burned: bigint;
  joinedAt: number;
  leftAt: number | null;
}

/** A round that began. Losses are there for runs with a score program, once shown. */
export interface RoundRow {
  turn: number;
  round: number | null;
  isRepeated: boolean;
  before: number | null;
  after: number | null;
  updates: UpdateRow[];
}

/** A seat's update in a scored round. */
export interface UpdateRow {
  seat: number;
  trainer: string | null;
  before: number | null;
  after: number | null;
  /** In parts of 1e9. */
  gain: bigint | null;
  missed: 'late' | 'excused' | null;
  time: number;
}

/** Step claims, a score, or an aggregation. */
export interface SubmissionRow {
  trainer: string;
  isAggregation: boolean;
  round: number;
  turn: number;
  seat: number;
  count: number;
  checkpoint: string;
  /** Digest of the receipt's manifest. */
  receipt: string;
  batch: string | null;
  isRejected: boolean;
  time: number;
  transaction: string;
}
