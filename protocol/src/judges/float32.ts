/** The canonical NaN, the only one that tensors hold. */
export const NAN_BITS = 0x7fc00000;
export const SIGN_BIT = 0x80000000;

const view = new DataView(new ArrayBuffer(4));

/** Bits of the binary32 nearest to `value` (ties to even); every NaN is the canonical one. */
export function bitsOf(value: number): number {
  if (Number.isNaN(value)) return NAN_BITS;
  view.setFloat32(0, value);
  return view.getUint32(0);
}

/** The number that binary32 `bits` stand for. */
export function numberOfBits(bits: number): number {
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

/** Whether the number is not zero and below the smallest normal binary32. */
export const isSubnormal = (value: number): boolean => value !== 0 && Math.abs(value) < 2 ** -126;

/** The zero of the same sign. */
export const signedZero = (value: number): number => (value < 0 || Object.is(value, -0) ? -0 : 0);

/** A finite binary32 as ±significand · 2^(exponent - 150). */
export function unpack(bits: number): { significand: number; exponent: number; negative: boolean } {
  const field = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  return {
    significand: field === 0 ? fraction : fraction | 0x800000,
    exponent: field === 0 ? 1 : field,
    negative: bits >>> 31 === 1,
  };
}

/** The binary32 nearest to an integer of up to 64 bits, ties to even, as a number. */
export function roundInteger(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 1n << 53n) return Math.fround(Number(value));
  // digits below the 52 leading ones only matter by being there
  const sticky = (magnitude & 0xfffn) === 0n ? 0n : 1n;
  const rounded = Math.fround(Number((magnitude >> 12n) | sticky)) * 4096;
  return value < 0n ? -rounded : rounded;
}
