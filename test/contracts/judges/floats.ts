import type { Random } from './random.ts';

export const NAN = 0x7fc00000;
const LANDMARKS = [
  0, 1, 2, 0x7fffff, 0x800000, 0x800001, 0x3f800000, 0x3f7fffff, 0x3f800001, 0x3f000000, 0x3effffff, 0x3f000001,
  0x3fc00000, 0x40200000, 0x4b000000, 0x4affffff, 0x4b800000, 0x4b7fffff, 0x4effffff, 0x4f000000, 0x4f800000,
  0x5effffff, 0x5f000000, 0x7f7fffff, 0x7f7ffffe, 0x7f000000, 0x7f800000, 0x5f800000, 0x1f800000, 0x437f0000,
];

/** Bits of a float32: a landmark, a subnormal, a small half-integer, a mid-sized or any number; rarely NaN. */
export function adversarial(random: Random): number {
  const sign = random.below(2) * 0x80000000;
  switch (random.below(7)) {
    case 0:
      return sign + random.pick(LANDMARKS);
    case 1:
      return sign + random.below(0x800000);
    case 2:
      return bitsOf((random.between(-600, 600) / 2) * 2 ** random.pick([0, 0, 0, -126, 100]));
    case 3:
      return sign + (random.between(100, 155) << 23) + random.below(0x800000);
    case 4:
      return sign + (random.between(54, 76) << 23) + random.below(0x800000);
    case 5:
      return random.chance(15) ? NAN : sign + random.below(0x7f800001);
    default:
      return sign + random.below(0x7f800000);
  }
}

/** A partner for `a` that makes arithmetic hard: equal, opposite, next to it, a tie away, or anything. */
export function partner(random: Random, a: number): number {
  const exponent = (a >>> 23) & 0xff;
  const sign = random.below(2) * 0x80000000;
  switch (random.below(7)) {
    case 0:
      return exponent === 255 ? a : (a ^ sign) >>> 0;
    case 1:
      return exponent === 255 ? 0 : ((a ^ sign) >>> 0) + (a & 0x7fffffff ? random.between(-1, 1) : 0);
    case 2: // half a unit in the last place of a, or next to it
      return sign + (Math.max(0, exponent - 24) << 23) + random.pick([0, 0, 1, 0x7fffff]);
    case 3: // a product next to the smallest normal number
      return (
        sign + (Math.min(254, Math.max(0, 128 - exponent + random.between(-3, 26))) << 23) + random.below(0x800000)
      );
    case 4: // a quotient next to it
      return sign + (Math.min(254, exponent + random.between(120, 152)) << 23) + random.below(0x800000);
    default:
      return adversarial(random);
  }
}

const view = new DataView(new ArrayBuffer(4));

export function bitsOf(value: number): number {
  if (Number.isNaN(value)) return NAN;
  view.setFloat32(0, value);
  return view.getUint32(0);
}

export function floatOf(bits: number): number {
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

/** A finite float32 as an exact fraction over 2^149. */
export function fixed(bits: number): bigint {
  const field = (bits >>> 23) & 0xff;
  const magnitude = field === 0 ? BigInt(bits & 0x7fffff) : BigInt((bits & 0x7fffff) | 0x800000) << BigInt(field - 1);
  return bits >>> 31 ? -magnitude : magnitude;
}

/** The float32 nearest to numerator / denominator · 2^-149, ties to even, by search over all floats; a zero is positive. */
export function nearest(numerator: bigint, denominator: bigint): number {
  const sign = numerator < 0n !== denominator < 0n ? 0x80000000 : 0;
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const at = (bits: number) => (bits === 0x7f800000 ? 1n << 277n : fixed(bits));
  let [low, high] = [0, 0x7f800000]; // at(low) <= n / d
  if (at(high) * d <= n) return sign + high;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (at(middle) * d <= n) low = middle;
    else high = middle;
  }
  const twice = 2n * n - (at(low) + at(high)) * d;
  const bits = twice > 0n || (twice === 0n && low % 2 === 1) ? high : low;
  return n === 0n ? 0 : sign + bits;
}

/** Floats as integers in their order, and back; -0 is one below +0. */
export const next = (bits: number, step: number): number => {
  const order = (bits >>> 31 ? -1 - (bits & 0x7fffffff) : bits) + step;
  return order < 0 ? 0x80000000 + (-1 - order) : order;
};

export const bytesOf = (bits: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(bits).buffer);
export const wordsOf = (bytes: Uint8Array): number[] => [...new Uint32Array(bytes.slice().buffer)];

/** Committed bytes of float32 results: every NaN is the canonical one. */
export const canonical = (bytes: Uint8Array): Uint8Array =>
  bytesOf(wordsOf(bytes).map((bits) => ((bits & 0x7fffffff) > 0x7f800000 ? NAN : bits)));
