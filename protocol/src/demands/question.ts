import { AbiCoder, keccak256 } from 'ethers';
import type { Hash } from '../commitments/index.ts';
import { SEGMENT_VALUES } from '../program/segments.ts';

/** What a demand asks for, in the order of the contract's numbers. */
export const DEMAND_KINDS = [
  'inputs',
  'weights',
  'values',
  'operators',
  'input',
  'weight',
  'value',
  'operator',
  'output',
  'segment',
  'inner',
] as const;
export type DemandKind = (typeof DEMAND_KINDS)[number];
/** The lists of a claim: roots of tensors, or operator leaves. */
export type DemandList = 'inputs' | 'weights' | 'values' | 'operators';

/** Most bytes that an answer shows; a list shows a thirty-second of that in roots. */
export const MAX_RANGE = 32_768;

/** One question to an executor. */
export interface Question {
  readonly batchId: Hash;
  /** Position of the claim in its batch. */
  readonly leaf: number;
  readonly kind: DemandKind;
  /** Input, weight, value, operator, output or segment; 0 for a list; for an inner value see `innerIndex`. */
  readonly index: number;
  /** First position of a list, first byte of a tensor. */
  readonly first: number;
  /** Roots of a list, bytes of a tensor, 0 for an operator or a segment. */
  readonly count: number;
  /** Who asks: 20 bytes, 0x hex. */
  readonly demander: string;
}

/** Index by which a question names an inner value: its segment, and its number modulo `SEGMENT_VALUES`. */
export const innerIndex = (segment: number, value: number): number =>
  segment * SEGMENT_VALUES + (value % SEGMENT_VALUES);

/** A question as the contract takes it. */
export const questionArgument = (q: Question) => ({ ...q, kind: DEMAND_KINDS.indexOf(q.kind) });

/** A question as the contract's events and calls give it. */
export interface ChainQuestion {
  batchId: Hash;
  leaf: bigint;
  kind: bigint;
  index: bigint;
  first: bigint;
  count: bigint;
  demander: string;
}

export const questionFrom = (q: ChainQuestion): Question => ({
  batchId: q.batchId,
  leaf: Number(q.leaf),
  kind: DEMAND_KINDS[Number(q.kind)],
  index: Number(q.index),
  first: Number(q.first),
  count: Number(q.count),
  demander: q.demander,
});

const ABI = ['bytes32', 'uint32', 'uint8', 'uint32', 'uint32', 'uint32', 'address'];

/** The id of a question: keccak256 of its ABI encoding. */
export const demandId = (q: Question): Hash =>
  keccak256(
    AbiCoder.defaultAbiCoder().encode(ABI, [
      q.batchId,
      q.leaf,
      DEMAND_KINDS.indexOf(q.kind),
      q.index,
      q.first,
      q.count,
      q.demander,
    ]),
  );

/** The part of a range that lies below `end`. */
export const existing = (q: Pick<Question, 'first' | 'count'>, end: number): { first: number; count: number } => ({
  first: q.first,
  count: Math.max(0, Math.min(q.count, end - q.first)),
});
