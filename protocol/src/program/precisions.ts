const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** The float32 nearest to `x` among those with `kept` bits of fraction, ties to even; `x` is finite. */
function keepFraction(x: number, kept: number): number {
  word[0] = x;
  const cut = 23 - kept;
  const odd = (bits[0] >>> cut) & 1;
  bits[0] = ((bits[0] + (2 ** (cut - 1) - 1 + odd)) & -(2 ** cut)) >>> 0;
  return word[0];
}

/** Below 2^-14 numbers of 16 bits lie 2^-24 apart; above 65504 there are none. */
function half(x: number): number {
  if (Math.abs(x) < 2 ** -14) {
    const scaled = x * 2 ** 24;
    const floor = Math.floor(scaled);
    const up = scaled - floor > 0.5 || (scaled - floor === 0.5 && floor % 2 !== 0);
    return (up ? floor + 1 : floor) * 2 ** -24;
  }
  const rounded = keepFraction(x, 10);
  return Math.abs(rounded) > 65504 ? Math.sign(rounded) * Number.POSITIVE_INFINITY : rounded;
}

/** Cheaper number formats that a provider might put in the place of float32, as roundings of finite numbers. */
export const PRECISIONS = {
  fp16: half,
  bf16: (x: number): number => keepFraction(x, 7),
  tf32: (x: number): number => keepFraction(x, 10),
} as const;
export type Precision = keyof typeof PRECISIONS;

/** Numbers quantised to 255 steps, symmetric about zero, each row of `length` with its own scale. */
export function int8Rows(numbers: Float32Array, length: number): Float32Array {
  const out = new Float32Array(numbers.length);
  for (let start = 0; start < numbers.length; start += length) {
    const row = numbers.subarray(start, start + length);
    const scale = row.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127;
    for (const [i, x] of row.entries()) out[start + i] = scale === 0 ? 0 : Math.fround(Math.round(x / scale) * scale);
  }
  return out;
}
