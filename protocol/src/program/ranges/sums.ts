import type { DType } from '../types.ts';
import { type Bounds, greatest, type Known, LEAST_NORMAL, ofType, rounded } from './bounds.ts';
import type { Finding } from './elementwise.ts';

/** What is known of the terms of a sum: bounds of the sum itself, of its magnitudes, and the terms' quantum. */
export interface Terms {
  readonly low: number;
  readonly high: number;
  readonly magnitude: number;
  readonly quantum: number;
  readonly count: number;
}

/** A sum of terms, divided by `divisor`. */
export function sum(dtype: DType, terms: Terms | null, divisor = 1): Finding {
  if (!terms) return { bounds: ofType(dtype), exact: dtype !== 'float32' };
  const { low, high, magnitude, count } = terms;
  if (dtype !== 'float32') return { bounds: rounded(dtype, terms), exact: true };
  const quantum = terms.quantum / divisor;
  const exact = Number.isInteger(Math.log2(divisor)) && quantum >= LEAST_NORMAL && magnitude <= 2 ** 24 * terms.quantum;
  const error = exact ? 0 : ((count + 258) * 2 ** -24 * magnitude) / divisor + LEAST_NORMAL;
  const bounds = { low: low / divisor - error, high: high / divisor + error, quantum: exact ? quantum : 2 ** -149 };
  return { bounds: rounded(dtype, bounds), exact };
}

/** Exactly `count` elements of one tensor. */
export const repeated = (x: Known, count: number): Terms | null =>
  x && { low: count * x.low, high: count * x.high, magnitude: count * greatest(x), quantum: x.quantum, count };

/** From none to `count` elements of one tensor. */
export const upTo = (x: Known, count: number): Terms | null =>
  x && {
    low: Math.min(0, count * x.low),
    high: Math.max(0, count * x.high),
    magnitude: count * greatest(x),
    quantum: x.quantum,
    count,
  };

/** One element of each of several tensors. */
export function together(all: readonly Known[]): Terms | null {
  const known = all.filter((x): x is Bounds => x !== null);
  if (known.length < all.length) return null;
  const total = (of: (x: Bounds) => number): number => known.reduce((whole, x) => whole + of(x), 0);
  const quantum = Math.min(...known.map((x) => x.quantum));
  return {
    low: total((x) => x.low),
    high: total((x) => x.high),
    magnitude: total(greatest),
    quantum,
    count: all.length,
  };
}

/** Up to `count` products of elements of two tensors, and a bias. */
export function products(x: Known, w: Known, count: number, bias: Known | undefined): Terms | null {
  if (!x || !w || bias === null) return null;
  const added = bias ?? { low: 0, high: 0, quantum: 2 ** 128 };
  const size = count * greatest(x) * greatest(w);
  return {
    low: -size + added.low,
    high: size + added.high,
    magnitude: size + greatest(added),
    quantum: Math.min(x.quantum * w.quantum, added.quantum),
    count: count + 1,
  };
}
