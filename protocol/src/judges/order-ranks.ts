import type { DType } from '../program/types.ts';
import { anything, isNaNBits, numberOf, show } from './elements.ts';
import type { Permitted } from './judge.ts';

/** The lowest and the greatest finite float, where some engines start. */
const LOWEST = 0xff7fffffn;
const GREATEST = 0x7f7fffffn;
const MINUS_INFINITY = -0x7f800000n;
const LEAST_NORMAL = 0x00800000n;
export const SIGN = 0x80000000n;

export const unordered = (bits: bigint, dtype: DType): boolean => dtype === 'float32' && isNaNBits(bits);

/** Whether the element is a zero or a subnormal float. */
export const isTiny = (bits: bigint, dtype: DType): boolean => dtype === 'float32' && (bits & ~SIGN) < LEAST_NORMAL;

/** A number that orders elements of a type as their values do, or the other way round. */
export function rank(bits: bigint, dtype: DType, largest = true): bigint {
  const magnitude = bits & 0x7fffffffn;
  const own = dtype !== 'float32' ? numberOf(bits, dtype) : bits >> 31n === 0n ? magnitude : -magnitude;
  return largest ? own : -own;
}

export const permit = (good: (claimed: bigint) => boolean, describe: () => string): Permitted => ({
  verdict: (claimed) => (good(claimed) ? 'permitted' : 'convicted'),
  describe,
});

/** What the largest or smallest of a set of elements may be. -0 equals +0, and subnormals may be flushed to zero. */
export function extreme(seen: readonly bigint[], dtype: DType, largest = true): Permitted {
  if (seen.length === 0) return anything('the window lies in the padding');
  const first = largest ? LOWEST : GREATEST;
  const tiny = seen.filter((bits) => isTiny(bits, dtype)).flatMap((bits) => [bits, bits & SIGN]);
  if (seen.some((bits) => unordered(bits, dtype))) {
    const good = new Set([...seen, ...tiny, first]);
    return permit(
      (claimed) => good.has(claimed) || unordered(claimed, dtype),
      () => 'NaN or any of the elements',
    );
  }
  const rankOf = (bits: bigint) => rank(bits, dtype, largest);
  const best = seen.reduce((a, b) => (rankOf(a) >= rankOf(b) ? a : b));
  const winners = isTiny(best, dtype) ? tiny : seen.filter((bits) => rankOf(bits) === rankOf(best));
  if (dtype === 'float32' && rankOf(best) === MINUS_INFINITY) winners.push(first);
  const good = new Set(winners);
  return permit(
    (claimed) => good.has(claimed),
    () => `exactly ${show(best, dtype)}`,
  );
}
