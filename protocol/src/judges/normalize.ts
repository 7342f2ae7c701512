import { type Normal, scale } from './affine.ts';
import { abs, shift, sqrt } from './fixed.ts';
import { NAN_BITS, SIGN_BIT, unpack } from './float32.ts';
import type { Interval } from './interval.ts';

/** Beyond this exponent field (2^55) squares may overflow. */
const LARGE = 182;
const LEAST = 100;
/** 2^-76, in units of 2^-104: a flush, over the least root judged. */
const FLUSH = 1n << 28n;
const INFINITY_BITS = 0x7f800000;

/** What an element may be: an interval, any of some bits, anything that is not finite, or anything. */
export type Normalized = Interval | readonly number[] | 'special' | 'anything';

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
  let spread = n * squares - (centred ? sum * sum : 0n);
  spread += shift(n * n * BigInt(eps.significand), eps.exponent + 278 - 2 * exponent);
  const least = 328 - 2 * exponent;
  // beyond, a device may overflow; below 2^-100, it may lose everything
  if (exponent > LARGE || spread === 0n || (least > 0 && spread >> BigInt(least) < n * n)) return 'anything';
  if (special(factor) || special(bias)) return 'special';
  const root = sqrt(spread);
  const y = ((n * element(row[place]) - (centred ? sum : 0n)) << 80n) / root;
  const errors = errorsOf(n, centred, abs(y), (magnitudes << 80n) / root, ((n * squares) << 20n) / spread);
  return scale({ y, unit: -80, ...errors }, factor, bias);
}

/** `mean`: Σ|x| / n s with 80 fractional bits, `condition`: Σx² / n s² with 20, s being the root. */
function errorsOf(
  n: bigint,
  centred: boolean,
  y: bigint,
  mean: bigint,
  condition: bigint,
): Pick<Normal, 'sharp' | 'contracted'> {
  const c = 24n + 4n * sqrt(n);
  const [sharp, contracted] = [16n * y + FLUSH, 32n * y + FLUSH];
  if (!centred) return { sharp: sharp + c * y, contracted: contracted + (32n + n) * y };
  // no bound where the variance may be off by half
  const withMean = (first: bigint, all: bigint, factor: bigint): bigint | null =>
    condition >= (1n << 43n) / factor ? null : first + all * mean + ((factor * condition * y) >> 20n);
  return { sharp: withMean(sharp, c, c), contracted: withMean(contracted, 32n + n, 32n + 2n * n) };
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
  const interval = scale({ y, unit: most - 334 - half, sharp: 32n * both, contracted: 64n * both }, factor, bias);
  // terms of 2^127 may overflow before they cancel
  const by = 108 - interval.unit;
  return by < 1 || interval.contracted! >> BigInt(by) !== 0n ? 'anything' : interval;
}
