import { INTERVALS } from './activation-interval.ts';
import { NAN_BITS, SIGN_BIT, unpack } from './float32.ts';
import { describe as describeInterval, mildest, verdictOf } from './interval.ts';
import type { Verdict } from './judge.ts';

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

function direct(name: string, x: number, words: readonly number[], claimed: number): Verdict {
  if (isNan(x)) {
    // a kernel that clamps its operand may lose a NaN
    if (claimed === NAN_BITS) return 'permitted';
    const ends = [INFINITY_BITS, withSign(INFINITY_BITS, SIGN_BIT)];
    return mildest(...ends.map((end) => direct(name, end, words, claimed)));
  }
  const values = exactly(name, x, words);
  if (values) return values.includes(claimed) ? 'permitted' : 'convicted';
  return verdictOf(INTERVALS[name](finite(x), words), claimed);
}

/** Verdict on an element-wise function of x; a device may read a subnormal operand as zero. */
export function activationVerdict(name: string, x: number, words: readonly number[], claimed: number): Verdict {
  const verdict = direct(name, x, words, claimed);
  return isSubnormal(x) ? mildest(verdict, direct(name, withSign(0, x), words, claimed)) : verdict;
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
