import type { Factors } from './dot-chain.ts';
import { NAN_BITS, unpack } from './float32.ts';
import type { Verdict } from './judge.ts';

/** The exact sums of a dot product and what they permit, in the contract's integer units of 2^(base - 300). */
export interface ExactSums {
  verdict(claimed: number): Verdict;
  /** The sharp interval, in numbers. */
  interval(): [low: number, high: number];
}

/** Exponent of the lowest set bit of a finite, nonzero binary32. */
export function quantumExponent(bits: number): number {
  const field = (bits >>> 23) & 0xff;
  const significand = (bits & 0x7fffff) | (field === 0 ? 0 : 0x800000);
  return (field || 1) - 150 + 31 - Math.clz32(significand & -significand);
}

/** Sums exactly; all operands are finite. */
export function exactSums(a: Uint32Array, b: Uint32Array, { sharp, contract, rounded }: Factors): ExactSums {
  const terms = BigInt(a.length);
  const base = unitExponent(a, b);
  let positive = 0n;
  let negative = 0n;
  let bits = 0n;
  let lost = 0n;
  for (let i = 0; i < a.length; i++) {
    const x = unpack(a[i]);
    const y = unpack(b[i]);
    const product = BigInt(x.significand) * BigInt(y.significand);
    const term = product << BigInt(Math.max(0, x.exponent + y.exponent - base));
    bits |= term;
    if (x.negative === y.negative) positive += term;
    else negative += term;
    if (x.significand < 0x800000 || y.significand < 0x800000) lost += term;
  }
  const total = positive + negative;
  const quantum = bits & -bits;
  const normal = base >= 174 || quantum >> BigInt(174 - base) !== 0n;
  let [permitted, contracted] = [lost, lost];
  if (!(total === 0n || (!rounded && total <= quantum << 24n && normal))) {
    const small = (terms << 48n) + (base < 175 ? terms << BigInt(175 - base) : 0n);
    const ulps = (total >> 24n) + 1n;
    permitted += ulps * BigInt(sharp) + small;
    contracted += ulps * BigInt(contract) + small;
  }
  const sum = positive - negative;
  const tier = (distance: bigint): Verdict =>
    distance <= permitted ? 'permitted' : distance <= contracted ? 'void' : 'convicted';

  return {
    verdict(claimed) {
      if ((claimed & 0x7fffffff) >= 0x7f800000) {
        if (base < 174) return 'convicted';
        const reach = new Map([
          [0x7f800000, positive],
          [0xff800000, negative],
          [NAN_BITS, positive < negative ? positive : negative],
        ]).get(claimed);
        if (reach === undefined) return 'convicted';
        const limit = 0x1ffffffn << BigInt(403 - base); // 2^128 - 2^103
        if (reach < limit >> 1n) return 'convicted'; // errors before any overflow are far smaller
        return tier(limit > reach ? limit - reach : 0n);
      }
      const { significand, exponent, negative: minus } = unpack(claimed);
      const shift = BigInt(exponent + 150 - base);
      const magnitude = shift < 0n ? BigInt(significand) >> -shift : BigInt(significand) << shift;
      const cut = shift < 0n && magnitude << -shift !== BigInt(significand) ? 1n : 0n;
      const distance = (minus ? -magnitude : magnitude) - sum;
      return tier((distance < 0n ? -distance : distance) + cut);
    },
    interval: () => [toNumber(sum - permitted, base - 300), toNumber(sum + permitted, base - 300)],
  };
}

/** Exponent of the unit plus 300: the largest product lies at most 2^188 above it. */
function unitExponent(a: Uint32Array, b: Uint32Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, ((a[i] >>> 23) & 0xff) + ((b[i] >>> 23) & 0xff));
  return Math.max(0, largest - 188);
}

/** value · 2^exponent as a number, to 53 digits. */
function toNumber(value: bigint, exponent: number): number {
  const magnitude = value < 0n ? -value : value;
  const cut = Math.max(0, magnitude.toString(2).length - 53);
  const number = Number(magnitude >> BigInt(cut)) * 2 ** (cut + exponent);
  return value < 0n ? -number : number;
}
