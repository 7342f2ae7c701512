import type { Block } from 'ethers';

/** How much is paid for gas, in wei for each unit. */
export interface FeeRules {
  /** Never more than this, unless a deadline is near. */
  readonly maxFee: bigint;
  /** Never more than this, whatever the deadline. */
  readonly urgentFee: bigint;
  /** Seconds before a deadline from which on it beats the fee. */
  readonly urgentBefore: number;
}

export interface Fees {
  readonly maxFee: bigint;
  readonly tip: bigint;
}

/** The most that is paid at a chain time for what has to be in a block by `deadline`. */
export function capAt({ maxFee, urgentFee, urgentBefore }: FeeRules, deadline: number | null, now: number): bigint {
  if (deadline === null || now < deadline - urgentBefore) return maxFee;
  return urgentFee > maxFee ? urgentFee : maxFee;
}

/** Fees that a block's base fee asks for, below the cap; undefined where the base fee alone is above it. */
export function feesFor({ baseFeePerGas }: Pick<Block, 'baseFeePerGas'>, tip: bigint, cap: bigint): Fees | undefined {
  const base = baseFeePerGas ?? 0n;
  if (base >= cap) return undefined;
  const wanted = 2n * base + tip;
  const maxFee = wanted < cap ? wanted : cap;
  return { maxFee, tip: tip < maxFee - base ? tip : maxFee - base };
}

/** Fees that replace earlier ones: nodes want a tenth more, of both. Undefined where that is above the cap. */
export function raised(earlier: Fees, now: Fees | undefined, cap: bigint): Fees | undefined {
  const more = (fee: bigint): bigint => (fee * 9n) / 8n + 1n;
  const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
  const maxFee = larger(more(earlier.maxFee), now?.maxFee ?? 0n);
  const tip = larger(more(earlier.tip), now?.tip ?? 0n);
  return maxFee > cap ? undefined : { maxFee, tip: tip < maxFee ? tip : maxFee };
}
