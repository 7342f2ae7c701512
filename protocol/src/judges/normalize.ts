import { type Normal, scale } from './affine.ts';
import { abs, shift, sqrt } from './fixed.ts';
import { NAN_BITS, SIGN_BIT, unpack } from './float32.ts';
import type { Interval } from './interval.ts';

/** Beyond this exponent field (2^55) squares may overflow. */
const LARGE = 182;
const LEAST = 100;
/** 2^-76, in units of 2^-104: a flush, over the least root judged. */
const FLUSH = 1n << 28n;
/** 2^8, with 20 fractional bits: from there on the terms of a row are so alike that roundings of its sum add up. */
const STEADY = 1n << 28n;
const INFINITY_BITS = 0x7f800000;
const NEGATIVE = 0xbd000000; // -2^-5

/**
 * What an element may be: an interval, `singular` if what is not finite is void at worst; any of some bits; anything that
 * is not finite; anything; or NaN, all else being void.
 */
export type Normalized =
  | (Interval & { readonly singular?: boolean })
  | readonly number[]
  | 'special'
  | 'anything'
  | 'lost';

const special = (bits: number): boolean => (bits & INFINITY_BITS) === INFINITY_BITS;

/** An element of a row of binary32 bits, less the mean if centred, over √(mean square + epsilon), times factor, plus bias. */
export function normalize(
  row: Uint32Array,
  place: number,
  epsilon: number,
  centred: boolean,
  factor: number,
  bias: number,
): Normalized {
  let exponent = LEAST;
  for (const x of row) exponent = Math.max(exponent, (x >>> 23) & 0xff);
  if (exponent === 255) return centred ? [NAN_BITS] : [NAN_BITS, 0, SIGN_BIT];
  const element = (x: number): bigint => {
    const v = (BigInt((x & 0x7fffff) | 0x800000) << 64n) >> BigInt(exponent - ((x >>> 23) & 0xff));
    return x >>> 31 ? -v : v;
  };
  let [sum, magnitudes, squares] = [0n, 0n, 0n];
  for (const x of row) {
    const v = element(x);
    sum += v;
    magnitudes += abs(v);
    squares += v * v;
  }
  const n = BigInt(row.length);
  const eps = unpack(epsilon);
  const added = shift(n * n * BigInt(eps.significand), eps.exponent + 278 - 2 * exponent);
  const spread = n * squares - (centred ? sum * sum : 0n) + added;
  const least = 328 - 2 * exponent;
  // a device may overflow
  if (exponent > LARGE) return 'anything';
  // below 2^-100, it may lose everything
  if (spread === 0n || (least > 0 && spread >> BigInt(least) < n * n)) return 'lost';
  if (special(factor) || special(bias)) return 'special';
  const root = sqrt(spread);
  const distance = n * element(row[place]) - (centred ? sum : 0n);
  const y = (distance << 80n) / root;
  if (!centred) return scale({ y, unit: -80, ...uncentred(n, abs(y)) }, factor, bias);
  // a subnormal may be flushed
  const s = { n, distance: abs(distance), magnitudes, epsilon: epsilon > 0x7fffff ? added : 0n };
  const { singular, ...errors } = centredErrors(s, abs(y), root, ((n * squares) << 20n) / spread);
  return { ...scale({ y, unit: -80, ...errors }, factor, bias), singular };
}

type Errors = Pick<Normal, 'sharp' | 'contracted'>;

const uncentred = (n: bigint, y: bigint): Errors => ({
  sharp: (40n + 4n * sqrt(n)) * y + FLUSH,
  contracted: (64n + n) * y + FLUSH,
});

interface Row {
  readonly n: bigint;
  /** n times that of the element to the mean. */
  readonly distance: bigint;
  readonly magnitudes: bigint;
  /** n² times epsilon. */
  readonly epsilon: bigint;
}

/** `condition`: Σx² / n s² with 20 fractional bits, s being the root; `singular`: variance and epsilon may cancel. */
function centredErrors(row: Row, y: bigint, root: bigint, condition: bigint): Errors & { singular: boolean } {
  const { n, magnitudes } = row;
  const mean = (magnitudes << 80n) / root; // Σ|x| / n s, with 80
  const bounded = (c: bigint): boolean => condition < (1n << 43n) / c;
  const spread = (c: bigint): bigint => (c * condition * y) >> 20n;
  const c = 24n + 4n * sqrt(n);
  const error = (condition < STEADY ? c : c + n / 2n) * mean;
  const sharp = bounded(c) ? error + spread(c) : nearlyConstant(error, y);
  const most = 32n + 2n * n;
  const singular = !bounded(most);
  const contracted = singular ? cancelled(row) : (32n + n) * mean + spread(most);
  return {
    sharp: 16n * y + FLUSH + sharp,
    contracted: contracted === null ? null : 32n * y + FLUSH + contracted,
    singular,
  };
}

/** Where rounding may double Σx² / n less the mean's square: what CPU kernels need, which subtract a rounded mean first. */
function nearlyConstant(mean: bigint, y: bigint): bigint {
  const t = mean >> 24n;
  return mean + (t >> 80n !== 0n ? y << 24n : (y * ((t * t) >> 80n)) >> 56n);
}

/** There, as far as any device gets: what is left of variance and epsilon is at least 2^-40 epsilon, or not above 0. */
function cancelled({ n, distance, magnitudes, epsilon }: Row): bigint | null {
  const least = sqrt(epsilon);
  if (least === 0n) return null;
  const most = (distance << 80n) / least + (((32n + n) * ((magnitudes << 80n) / least)) >> 24n) + 1n;
  return most >> 187n !== 0n ? null : (most << 44n) + (most << 33n);
}

/** (x - mean) / √(variance + epsilon) · factor + bias, all of them bits. */
export function normalizeBatch(
  x: number,
  factor: number,
  bias: number,
  mean: number,
  variance: number,
  epsilon: number,
): Normalized {
  if ((variance & 0x7fffffff) > INFINITY_BITS) return [NAN_BITS];
  // no root with any epsilon, but a device may clamp
  if (variance >= NEGATIVE) return 'lost';
  if (variance >>> 31 || special(variance)) return 'anything';
  if ([x, mean, factor, bias].some(special)) return 'special';
  const [v, eps] = [unpack(variance), unpack(epsilon)];
  const top = Math.max(v.exponent, eps.exponent);
  if (top < 2) return 'anything';
  const align = ({ significand, exponent }: { significand: number; exponent: number }, to: number, by: bigint) =>
    (BigInt(significand) << by) >> BigInt(to - exponent);
  const odd = top & 1;
  const root = sqrt((align(v, top, 100n) + align(eps, top, 100n)) << BigInt(120 + odd));
  const half = (top - 370 - odd) / 2;
  const [a, b] = [unpack(x), unpack(mean)];
  const most = Math.max(a.exponent, b.exponent);
  const [m, k] = [align(a, most, 64n), align(b, most, 64n)];
  const both = ((m + k) << 120n) / root + 1n;
  const y = (((a.negative ? -m : m) - (b.negative ? -k : k)) << 120n) / root;
  const interval = scale({ y, unit: most - 334 - half, sharp: 64n * both, contracted: 128n * both }, factor, bias);
  // terms of 2^127 may overflow before they cancel
  const by = 108 - interval.unit;
  return by < 1 || interval.contracted! >> BigInt(by) !== 0n ? 'anything' : interval;
}
