import type { Certainty, Fact } from './answer.ts';
import type { AuditRow } from './audit.ts';

/** Claims that stand or fall together. Locks in wei of MIEL. */
export interface BatchRow {
  id: string;
  /** The contract that they were submitted through. */
  client: string;
  executor: string;
  /** What the client knows it by; of the market: the job's id. */
  subject: string;
  root: string;
  count: number;
  lock: bigint;
  /** Epoch of the parameters that it is judged by. */
  epoch: number;
  job: string | null;
  /** Id of the run that it was submitted to. */
  run: string | null;
  isRejected: boolean;
  /** A view of time passed: only the chain tells it, in answers for one batch. */
  state?: 'pending' | 'final' | 'rejected';
  challenger: string | null;
  adjudicator: string | null;
  rejectedLeaf: number | null;
  rejectedAt: number | null;
  /** Leaves whose claims are void. */
  voids: number[];
  openDemands: number;
  submittedAt: number;
  block: number;
  transaction: string;
  certainty: Certainty;
}

/** A batch with all that was said against it. */
export interface BatchDetail extends BatchRow {
  penalty: { amount: bigint; bounty: bigint; compensation: bigint; time: number } | null;
  faults: Fact<FaultRow>[];
  demands: Fact<DemandRow>[];
  segments: ShownSegmentRow[];
  audits: Fact<AuditRow>[];
}

export interface BatchQuery {
  executor?: string;
  client?: string;
  isRejected?: boolean;
}

/** What a referee found wrong. */
export interface FaultRow {
  id: string;
  batch: string;
  leaf: number;
  /** Of an operator's output, or of form. */
  kind: 'element' | 'form';
  /** Which operator of the program, its output and element; null: a fault of form. */
  operator: number | null;
  output: number | null;
  element: number | null;
  /** Name of the operator as its judge is registered, bytes32. */
  opcode: string | null;
  /** The element's bits as claimed. */
  claimed: bigint | null;
  /** Of a fault of form: its reason as bytes32, and the value that it was found in. */
  reason: string | null;
  value: bigint | null;
  time: number;
  transaction: string;
  certainty: Certainty;
}

export interface FaultQuery {
  batch?: string;
}

export type DemandKind =
  | 'Inputs'
  | 'Weights'
  | 'Values'
  | 'Operators'
  | 'Input'
  | 'Weight'
  | 'Value'
  | 'Operator'
  | 'Output'
  | 'Segment'
  | 'Inner';

/** Bytes that somebody demanded to be shown. Bond and fee in wei of the chain's coin. */
export interface DemandRow {
  id: string;
  batch: string;
  demander: string;
  state: 'open' | 'answered' | 'expired' | 'settled';
  leaf: number;
  kind: DemandKind;
  index: bigint;
  first: bigint;
  count: bigint;
  bond: bigint;
  fee: bigint;
  /** Both have to pass before it expires. */
  endsAt: number;
  endsAtBlock: number;
  extensions: number;
  answerer: string | null;
  /** Transaction whose calldata holds the answer. */
  answer: string | null;
  askedAt: number;
  answeredAt: number | null;
  certainty: Certainty;
}

export interface DemandQuery {
  batch?: string;
  demander?: string;
  state?: DemandRow['state'];
}

/** The root of a segment of a trace that was shown. */
export interface ShownSegmentRow {
  leaf: number;
  segment: number;
  root: string;
  time: number;
}
