import { abs, shift } from './fixed.ts';
import { unpack } from './float32.ts';
import type { Verdict } from './judge.ts';

/**
 * The exact value · 2^unit, and how far from it an honest result may lie, in the same unit: `sharp` on every device
 * seen, `contracted` on any that keeps the kernel contract; `null`: anywhere.
 */
export interface Interval {
  readonly value: bigint;
  readonly unit: number;
  readonly sharp: bigint | null;
  readonly contracted: bigint | null;
}

/** What a result below 2^-126 loses where it is flushed, in units of 2^unit. */
export const flushed = (unit: number): bigint => (unit >= -126 ? 1n : 1n << BigInt(-126 - unit));

/** The same 16 times over, so that an honest flush is far from the bound. */
export const underflow = (unit: number): bigint => flushed(unit) << 4n;

/** `factor` times 2^-24 of a magnitude. */
export const ulps = (magnitude: bigint, factor: number | bigint): bigint =>
  ((abs(magnitude) * BigInt(factor)) >> 24n) + 1n;

/** An interval in fixed point of 64 bits. */
export const around = (value: bigint, sharp: bigint, contracted: bigint): Interval => ({
  value,
  unit: -64,
  sharp,
  contracted,
});

/** Verdict on binary32 bits. An infinity is honest where twice the value, an intermediate result say, may overflow. */
export function verdictOf(interval: Interval, bits: number): Verdict {
  const { value, unit, sharp, contracted } = interval;
  const within = (distance: bigint | null): Verdict => {
    const inside = (bound: bigint | null) => bound === null || (distance !== null && distance <= bound);
    return inside(sharp) ? 'permitted' : inside(contracted) ? 'void' : 'convicted';
  };
  if ((bits & 0x7fffffff) > 0x7f800000) return within(null);
  if ((bits & 0x7f800000) === 0x7f800000) {
    const by = 103 - unit;
    if (by > 225) return within(null);
    const reach = 2n * (bits >>> 31 ? -value : value);
    const missing = shift(0x1ffffffn, by) - reach;
    return within(missing > 0n ? missing : 0n);
  }
  const { significand, exponent, negative } = unpack(bits);
  const by = exponent - 150 - unit;
  if (by > 225) return within(significand === 0 ? abs(value) : null);
  const magnitude = shift(BigInt(significand), by);
  const cut = by < 0 && magnitude << BigInt(-by) !== BigInt(significand) ? 1n : 0n;
  return within(abs((negative ? -magnitude : magnitude) - value) + cut);
}

/** value · 2^exponent as a number, to 53 digits. */
function toNumber(value: bigint, exponent: number): number {
  const cut = Math.max(0, abs(value).toString(2).length - 53);
  return Number(value >> BigInt(cut)) * 2 ** (cut + exponent);
}

/** The sharp interval in words. */
export function describe({ value, unit, sharp }: Interval): string {
  if (sharp === null) return 'anything: rounding errors have no bound here';
  const [low, high] = [toNumber(value - sharp, unit), toNumber(value + sharp, unit)];
  return low === high ? `exactly ${low}` : `between ${low} and ${high}`;
}

const ORDER: readonly Verdict[] = ['permitted', 'void', 'convicted'];

/** The mildest of verdicts. */
export const mildest = (...verdicts: readonly Verdict[]): Verdict => ORDER.find((v) => verdicts.includes(v))!;

/** Verdicts on binary32 bits. */
export type Decide = (claimed: number) => Verdict;

export const within =
  (interval: Interval): Decide =>
  (claimed) =>
    verdictOf(interval, claimed);

/** These bits are right, and a device may give anything. */
export const open =
  (values: readonly number[]): Decide =>
  (claimed) =>
    values.includes(claimed) ? 'permitted' : 'void';

/** Nothing but these bits is permitted. */
export const oneOf =
  (values: readonly number[]): Decide =>
  (claimed) =>
    values.includes(claimed) ? 'permitted' : 'convicted';
