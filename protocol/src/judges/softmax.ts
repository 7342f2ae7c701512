import { abs, exp, fix, ln, ONE, power, sqrt } from './fixed.ts';
import { NAN_BITS } from './float32.ts';
import { type Interval, ulps, underflow } from './interval.ts';

const INFINITY_BITS = 0x7f800000;
/** Exponent field of 2^60: a float of this size and any other one are equal, or more than e^200 apart. */
const LARGE = 187;
const LOG2_E = 26613026195688644983n;

/** What an element of a row may be: bits, or an interval. */
export type Result = number | Interval;

const exponentOf = (bits: number): number => (bits >>> 23) & 0xff;
const orderOf = (bits: number): number => (bits >>> 31 ? -(bits & 0x7fffffff) : bits);

/** Σ e^(x - greatest), 64 fractional bits. */
function sumOf(row: Uint32Array, greatest: number): bigint {
  let total = 0n;
  if (exponentOf(greatest) >= LARGE) {
    for (const x of row) if (x === greatest) total += ONE;
    return total;
  }
  const top = fix(greatest);
  for (const x of row) {
    if (exponentOf(x) >= 213) continue;
    const t = ((top - fix(x)) * LOG2_E) >> 64n;
    const whole = t >> 64n;
    if (whole < 65n) total += power(t & (ONE - 1n))[0] >> whole;
  }
  return total;
}

/**
 * Softmax of a row of binary32 bits, or its logarithm, at `place`. With d the distance to the greatest element and
 * u = 2^-24, a softmax is right to u · (32 + 8√n + 15d) on every device seen, to u · (64 + n + 16d) by the contract.
 */
export function softmax(row: Uint32Array, place: number, logarithm: boolean): Result {
  let greatest = INFINITY_BITS + 0x80000000;
  for (const x of row) {
    if ((x & 0x7fffffff) > INFINITY_BITS) return NAN_BITS;
    if (orderOf(x) > orderOf(greatest)) greatest = x;
  }
  if (greatest === 0x80000000) greatest = 0;
  const x = row[place];
  if ((greatest & 0x7fffffff) === INFINITY_BITS) return NAN_BITS;
  if ((x & 0x7fffffff) === INFINITY_BITS) return logarithm ? INFINITY_BITS + 0x80000000 : 0;
  const sum = sumOf(row, greatest);
  const d = fix(greatest) - fix(x);
  const n = row.length;
  const root = 8n * sqrt(BigInt(n));
  return logarithm ? logarithmOf(n, root, d, sum) : shareOf(n, root, d, sum);
}

function shareOf(n: number, root: bigint, d: bigint, sum: bigint): Interval {
  // below 2^-144 a flush covers it
  const [m, k] = d < 100n * ONE ? exp(-d) : [0n, -145];
  const value = (m << 128n) / sum;
  const small = underflow(k - 128);
  const distance = d / ONE + 1n;
  return {
    value,
    unit: k - 128,
    sharp: ulps(value, 32n + root + 15n * distance) + small,
    contracted: ulps(value, 64n + BigInt(n) + 16n * distance) + small,
  };
}

/** -(d + ln sum): also right to sixteen units of the whole, thirty-two by the contract. */
function logarithmOf(n: number, root: bigint, d: bigint, sum: bigint): Interval {
  const total = d + (ln(sum, -64) >> 32n);
  return {
    value: -total,
    unit: -64,
    sharp: ulps(abs(total), 16) + ((32n + root) << 40n),
    contracted: ulps(abs(total), 32) + ((64n + BigInt(n)) << 40n),
  };
}
