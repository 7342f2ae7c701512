import { abs, fix, log2, ONE, power, shift } from './fixed.ts';
import { NAN_BITS, SIGN_BIT, unpack } from './float32.ts';
import { type Decide, type Interval, mildest, oneOf, open, ulps, underflow, within } from './interval.ts';

const INFINITY_BITS = 0x7f800000;
const ONE_BITS = 0x3f800000;
const magnitude = (bits: number): number => bits & 0x7fffffff;
const isSubnormal = (bits: number): boolean => magnitude(bits) !== 0 && magnitude(bits) < 0x800000;

/** 0: no integer, 1: odd, 2: even. All floats from 2^24 on are even, infinities too. */
function parity(y: number): 0 | 1 | 2 {
  const { significand, exponent } = unpack(y);
  if (significand === 0 || exponent > 150) return 2;
  if (exponent < 127) return 0;
  const fraction = 150 - exponent;
  if (significand % 2 ** fraction !== 0) return 0;
  return Math.floor(significand / 2 ** fraction) % 2 === 1 ? 1 : 2;
}

/** |x|^y for finite x and y, x not 0. */
function interval(x: number, y: number, negative: boolean): Interval {
  const base = unpack(x);
  const exponent = unpack(y);
  const logarithm = log2(BigInt(base.significand), base.exponent - 150);
  const product = shift(logarithm * BigInt(exponent.significand), exponent.exponent - 182);
  const all = exponent.negative ? -product : product;
  const most = 256n * ONE;
  const z = all > most ? most : all < -most ? -most : all;
  // 2^(y log2 x): devices have a relative error in the logarithm, next to 1 an absolute one
  const near = base.exponent === 126 || base.exponent === 127 || magnitude(x) === 0x40000000;
  const loose = 48n + (16n * abs(all)) / ONE + (near ? (16n * abs(fix(y))) / ONE : 0n);
  const [significand, k] = power(-z);
  const unit = k - 64;
  const tiny = unit < -300;
  const value = tiny ? 0n : significand;
  const small = underflow(tiny ? -300 : unit);
  return {
    value: negative ? -value : value,
    unit: tiny ? -300 : unit,
    sharp: ulps(value, 40n + (8n * abs(z)) / ONE) + small,
    contracted: loose >= 1n << 22n ? null : ulps(value, loose) + small,
  };
}

function direct(x: number, y: number): Decide {
  const nan = (bits: number) => magnitude(bits) > INFINITY_BITS;
  if (nan(x) || nan(y)) return oneOf([NAN_BITS, ...(magnitude(y) === 0 || x === ONE_BITS ? [ONE_BITS] : [])]);
  if (magnitude(y) === 0) return oneOf([ONE_BITS]);
  if (magnitude(y) === INFINITY_BITS) {
    if (magnitude(x) === ONE_BITS) return oneOf([ONE_BITS, NAN_BITS]);
    const grows = magnitude(x) > ONE_BITS === y >>> 31 < 1;
    return oneOf([grows ? INFINITY_BITS : 0]);
  }
  const kind = parity(y);
  const negative = x >>> 31 === 1 && kind === 1;
  if (magnitude(x) === 0 || magnitude(x) === INFINITY_BITS) {
    const grows = (magnitude(x) === 0) === (y >>> 31 === 1);
    const sign = negative ? SIGN_BIT : 0;
    return oneOf(grows ? [(sign | INFINITY_BITS) >>> 0] : [0, sign]);
  }
  // WGSL leaves open what this is
  if (x >>> 31 === 1 && kind === 0) return open([NAN_BITS]);
  return within(interval(x, y, negative));
}

/** Verdicts on x^y; a device may read subnormal operands as zero. */
export function decidePower(x: number, y: number): Decide {
  const flush = (bits: number) => (isSubnormal(bits) ? (bits & SIGN_BIT) >>> 0 : bits);
  const own = direct(x, y);
  if (flush(x) === x && flush(y) === y) return own;
  const others = [direct(flush(x), flush(y)), direct(flush(x), y)];
  return (claimed) => mildest(own(claimed), ...others.map((decide) => decide(claimed)));
}
