import { abs, shift } from './fixed.ts';
import { unpack } from './float32.ts';
import { flushed, type Interval, ulps } from './interval.ts';

/** y · 2^unit, and the errors of y in that unit times 2^24; `null`: they have no bound. */
export interface Normal {
  readonly y: bigint;
  readonly unit: number;
  readonly sharp: bigint | null;
  readonly contracted: bigint | null;
}

/** factor · y + bias, as the contract has it; the error of the bias is eight roundings, sixteen by the contract. */
export function scale({ y, unit: from, sharp, contracted }: Normal, factor: number, bias: number): Interval {
  const g = unpack(factor);
  const b = unpack(bias);
  const e = g.exponent + from - 150;
  const f = b.exponent - 150;
  const unit = Math.max(e, f - 100, -330);
  const significand = BigInt(g.significand);
  const product = shift(abs(y) * significand, e - unit);
  const addend = shift(BigInt(b.significand), f - unit);
  const small = flushed(unit) + 4n;
  const bound = (errors: bigint | null, factorOfBias: number): bigint | null =>
    errors === null ? null : shift((errors * significand) >> 24n, e - unit) + ulps(addend, factorOfBias) + small;
  return {
    value: (y < 0n !== g.negative ? -product : product) + (b.negative ? -addend : addend),
    unit,
    sharp: bound(sharp, 8),
    contracted: bound(contracted, 16),
  };
}
