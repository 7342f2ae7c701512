import type { Operator } from '../program/types.ts';

/** Convicted: beyond what any honest executor can produce. Void: honest only within the kernel contract, so unpaid. */
export type Verdict = 'permitted' | 'void' | 'convicted';

/**
 * Bytes a judge needs: `length` bytes at byte `offset` of the committed encoding of input `slot`, or, for
 * `slot >= OUTPUT_SLOT`, of output `slot - OUTPUT_SLOT`.
 */
export interface Need {
  readonly slot: number;
  readonly offset: number;
  readonly length: number;
}
export const OUTPUT_SLOT = 128;

/** What an honest executor's element may be, given the operands. Elements are their bytes read as a little-endian integer. */
export interface Permitted {
  verdict(claimed: bigint): Verdict;
  /** The value, or the interval, in words: for people. */
  describe(): string;
}

/** A trial yields the ranges it needs, in the order in which the contract consumes them, and returns what is permitted. */
export type Trial = Generator<Need, Permitted, Uint8Array>;

/** The off-chain twin of a judge contract: one family of operators. */
export interface Judge {
  /** Name of the contract, e.g. `MoveJudge`. */
  readonly contract: string;
  /**
   * Its intervals take up what honest devices make differently of the operands, unless every order of summing is exact.
   * So it is with sums of products; a function of single elements passes on what its operands differ by.
   */
  readonly absorbs?: boolean;
  /** Of the same operands every device makes the same, but for flushed subnormals and what becomes of NaN. */
  readonly repeats?: boolean;
  /** The operator versions that the contract knows, by ONNX operator type. */
  readonly versions: Readonly<Record<string, readonly number[]>>;
  /** Throws an EssaimError (`JUDGE_REFUSES`) naming the node if the contract could not judge this operator. */
  admit(op: Operator): void;
  /**
   * Trial of one element (physical index) of one output. `claimed` and `witness` matter only to order operators, whose
   * proofs open one witness (a physical element index of input 0) instead of the whole row.
   */
  try(op: Operator, numerics: number, output: number, element: number, claimed: bigint, witness?: number): Trial;
  /** Off-chain search for the witness that best refutes `claimed`; its needs are no part of a proof. */
  witness?(op: Operator, output: number, element: number, claimed: bigint): Generator<Need, number, Uint8Array>;
  /** Evidence bytes and judge gas of the worst element of this operator. */
  worst(op: Operator): { bytes: number; gas: number };
}
