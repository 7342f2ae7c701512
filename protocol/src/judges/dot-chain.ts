import type { Operator } from '../program/types.ts';
import { inputType } from './elements.ts';
import { natural } from './refuse.ts';

const LAID_OUT = 256;
const BLOCKED = 1024;
const UNBLOCKED = Number.POSITIVE_INFINITY;

/**
 * The longest chain of additions that honest kernels make for a float product, whatever its number of terms. A matrix
 * that is a weight is laid out beforehand, and multiplied in blocks of 256 terms. Other products, convolutions among
 * them, have blocks that grow to 1,024 terms as the result gets narrower. A product with a single row or column is made
 * by vector kernels, which have no blocks. Nothing is assumed of other operators' kernels.
 */
export function longestChain(op: Operator): number {
  const y = op.outputTypes[0].dims;
  if (op.name === 'Conv') return y[1] === natural(op, 6) || y[2] * y[3] === 1 ? UNBLOCKED : BLOCKED;
  if (op.name !== 'MatMul' && op.name !== 'Gemm') return UNBLOCKED;
  const [a, b] = [inputType(op, 0).dims, inputType(op, 1).dims];
  if (op.inputs[1].kind === 'weight' && b.length === 2) return LAID_OUT;
  return a.length < 2 || b.length < 2 || y.at(-1) === 1 || y.at(-2) === 1 ? UNBLOCKED : BLOCKED;
}

/** The factors c of both tiers, in 2^-24 of the sum of magnitudes. */
export interface Factors {
  readonly sharp: number;
  readonly contract: number;
  /** Whether results are rounded even where every sum is exact. */
  readonly rounded: boolean;
}

/**
 * The factors of a sum of `terms` products whose chains of additions are at most `longest`. A chain of L roundings errs
 * by less than L; on natural data by less than the root of L, eight times which is the sharp factor.
 */
export function dotFactors(terms: number, longest: number): Factors {
  const chain = Math.min(Math.max(terms, LAID_OUT), longest);
  return { sharp: 8 * Math.floor(Math.sqrt(chain)), contract: chain + Math.ceil(terms / LAID_OUT), rounded: false };
}
