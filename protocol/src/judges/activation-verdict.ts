import { INTERVALS } from './activation-interval.ts';
import { NAN_BITS, SIGN_BIT, unpack } from './float32.ts';
import { type Decide, describe as describeInterval, mildest, oneOf, open, within } from './interval.ts';

const INFINITY_BITS = 0x7f800000;
const GREATEST = 0x7f7fffff;

const isNan = (bits: number): boolean => (bits & 0x7fffffff) > INFINITY_BITS;
const isInfinite = (bits: number): boolean => (bits & 0x7fffffff) === INFINITY_BITS;
const isZero = (bits: number): boolean => (bits & 0x7fffffff) === 0;
const isSubnormal = (bits: number): boolean => !isZero(bits) && (bits & INFINITY_BITS) === 0;
const withSign = (bits: number, sign: number): number => ((bits & 0x7fffffff) | (sign & SIGN_BIT)) >>> 0;

/** The only results that arithmetic allows where there is no interval, as bits; `null`: there is one. */
function exactly(name: string, x: number, words: readonly number[]): readonly number[] | null {
  const negative = x >>> 31 === 1;
  const zeros = [0, SIGN_BIT];
  switch (name) {
    case 'Exp':
      return isInfinite(x) ? [negative ? 0 : INFINITY_BITS] : null;
    case 'Log':
      if (isZero(x)) return [withSign(INFINITY_BITS, SIGN_BIT)];
      if (negative) return [NAN_BITS];
      return isInfinite(x) ? [INFINITY_BITS] : null;
    case 'Softplus':
      return isInfinite(x) && !negative ? [INFINITY_BITS] : null;
    case 'Gelu':
    case 'HardSwish':
      if (!isInfinite(x)) return null;
      return negative ? [NAN_BITS, ...zeros] : [INFINITY_BITS];
    case 'HardSigmoid':
      return isInfinite(x) && isZero(words[0]) ? [NAN_BITS] : null;
    case 'Elu':
      if (isZero(x)) return zeros;
      return negative ? null : [x];
    case 'Sin':
    case 'Cos':
      return isInfinite(x) ? [NAN_BITS] : null;
    case 'Reciprocal':
      if (isZero(x)) return [withSign(INFINITY_BITS, x)];
      return isInfinite(x) ? zeros : null;
    default:
      return null;
  }
}

/** Infinities that are not handled above saturate, as the greatest finite numbers do. */
const finite = (x: number): number => (isInfinite(x) ? withSign(GREATEST, x) : x);

function direct(name: string, x: number, words: readonly number[]): Decide {
  if (isNan(x)) {
    // a kernel that clamps its operand may lose a NaN
    if (name === 'Log') return open([NAN_BITS]);
    const ends = [INFINITY_BITS, withSign(INFINITY_BITS, SIGN_BIT)].map((end) => direct(name, end, words));
    return (claimed) => (claimed === NAN_BITS ? 'permitted' : mildest(...ends.map((decide) => decide(claimed))));
  }
  const values = exactly(name, x, words);
  // WGSL leaves open what these are
  if (values && name === 'Log' && x !== INFINITY_BITS) return open(values);
  return values ? oneOf(values) : within(INTERVALS[name](finite(x), words));
}

/** Verdicts on an element-wise function of x; a device may read a subnormal operand as zero. */
export function decideActivation(name: string, x: number, words: readonly number[]): Decide {
  const own = direct(name, x, words);
  if (!isSubnormal(x)) return own;
  const flushed = direct(name, withSign(0, x), words);
  return (claimed) => mildest(own(claimed), flushed(claimed));
}

/** What is permitted, in words. */
export function describeActivation(name: string, x: number, words: readonly number[]): string {
  if (isNan(x)) return 'NaN, or what the function gives at an infinity';
  const values = exactly(name, x, words);
  if (!values) return describeInterval(INTERVALS[name](finite(x), words));
  return values
    .map((bits) => (isNan(bits) ? 'NaN' : isInfinite(bits) ? 'infinity' : unpack(bits).significand))
    .join(' or ');
}
