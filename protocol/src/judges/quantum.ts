import { limitsOf } from '../commitments/program.ts';
import { DTYPES, type DType } from '../program/types.ts';
import { numberOf } from './elements.ts';
import { unpack } from './float32.ts';
import type { Permitted } from './judge.ts';

/** Digits after the point of fixed-point values. */
const FRACTION = 40n;
const HALF = 1n << (FRACTION - 1n);
/** Beyond every type's limits. */
const HUGE = 1n << 60n;

/** A value m / n · 2^e that is rounded to nearest even, moved by the zero point and kept within its type. */
export interface Value {
  readonly negative: boolean;
  readonly m: bigint;
  readonly n: bigint;
  readonly e: number;
  /** Engines are off by at most 2^-error of it; 0: they are not off. */
  readonly error: number;
  /** A device may read it as zero. */
  readonly flushed: boolean;
  readonly dtype: DType;
  readonly zero: bigint;
}

/**
 * The integers that a real value may be quantised to: one, or both neighbours where the exact value lies within the
 * engines' error of the middle between them.
 */
export function quantised(v: Value): Permitted {
  const [low, high] = magnitudes(v);
  const { low: least, high: most } = limitsOf(v.dtype);
  const within = (x: bigint) => (x < BigInt(least) ? BigInt(least) : x > BigInt(most) ? BigInt(most) : x);
  const from = within(v.zero + (v.negative ? -high : low));
  const to = within(v.zero + (v.negative ? -low : high));
  const width = 8n * BigInt(DTYPES[v.dtype].size);
  return {
    verdict(claimed) {
      const number = numberOf(claimed, v.dtype);
      return claimed >> width === 0n && number >= from && number <= to ? 'permitted' : 'convicted';
    },
    describe: () => (from === to ? `exactly ${from}` : `from ${from} to ${to}`),
  };
}

/** The least and the greatest integer that the magnitude may be rounded to. */
function magnitudes(v: Value): [low: bigint, high: bigint] {
  const { q, rest } = fixed(v);
  if (v.error === 0) {
    let near = (q + HALF) >> FRACTION;
    if (!rest && (q & (2n * HALF - 1n)) === HALF) near &= ~1n;
    return [v.flushed ? 0n : near, near];
  }
  const width = (q >> BigInt(v.error)) + 1n;
  const low = q < width || v.flushed ? 0n : (q - width + HALF - 1n) >> FRACTION;
  return [low, (q + width + 1n + HALF) >> FRACTION];
}

/** The magnitude with FRACTION digits, cut off; whether anything was. */
function fixed({ m, n, e }: Value): { q: bigint; rest: boolean } {
  const shift = BigInt(e) + FRACTION;
  if (m === 0n) return { q: 0n, rest: false };
  if (shift > 140n) return { q: HUGE << FRACTION, rest: false };
  if (shift < -220n) return { q: 0n, rest: true };
  const [top, bottom] = [shift > 0n ? m << shift : m, shift < 0n ? n << -shift : n];
  const q = top / bottom;
  if (q > HUGE << FRACTION) return { q: HUGE << FRACTION, rest: false };
  return { q, rest: q * bottom !== top };
}

/** Whether a scale is one that engines agree on: positive, finite and normal. */
export const isScale = (bits: number): boolean => bits >= 0x00800000 && bits < 0x7f800000;
export const isPowerOfTwo = (bits: number): boolean => (bits & 0x7fffff) === 0;

/** x / scale, on its way to an integer type. */
export function quotient(x: number, scale: number, dtype: DType, zero: bigint, error: number): Value {
  const [a, b] = [unpack(x), unpack(scale)];
  const magnitude = x & 0x7fffffff;
  return {
    negative: a.negative,
    m: BigInt(a.significand),
    n: BigInt(b.significand),
    e: a.exponent - b.exponent,
    error: isPowerOfTwo(scale) ? 0 : error,
    flushed: magnitude > 0 && magnitude < 0x00800000,
    dtype,
    zero,
  };
}
