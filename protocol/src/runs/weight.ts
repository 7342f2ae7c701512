import type { Contribution } from './batch.ts';

/** float32 of what contribution `leaf` weighs in the running average: its steps over the steps up to it. */
export function weightOf(contributions: readonly Pick<Contribution, 'count'>[], leaf: number): number {
  const sum = contributions.slice(0, leaf + 1).reduce((total, { count }) => total + BigInt(count), 0n);
  return ratio(BigInt(contributions[leaf].count), sum);
}

/** part / whole, 0 < part ≤ whole, rounded to the nearest float32, ties to even. */
export function ratio(part: bigint, whole: bigint): number {
  let shift = 0n;
  while (part << shift < whole << 23n) shift++;
  let quotient = (part << shift) / whole;
  const twice = 2n * ((part << shift) % whole);
  if (twice > whole || (twice === whole && quotient % 2n === 1n)) quotient++;
  return Number(quotient) / 2 ** Number(shift);
}
