import { unpack } from './float32.ts';

/** Fixed point, step for step as the contract has it: 64 fractional bits unless said. Errors are below 2^-33. */
export const ONE = 1n << 64n;
const LOG2_E = 26613026195688644983n;
const LN_2 = 54916777467707473351141471128n; // 96 bits
const TWO_OVER_LN_2 = 228604154316148052805275351873n; // 96 bits
const SQRT_2 = 112045541949572279837463876454n; // 96 bits
const TWO_OVER_SQRT_PI = 20814921713516466458n;
const HALF_PI = 28976077832308491369n;
/** 1 / 2π, 256 bits. */
const TURN = 0x28be60db9391054a7f09d5f47d4d377036d8a5664f10e4107f9458eaf7aef158n;

/** 2^-f on [0, 1): Chebyshev interpolation of degree 7, the signs alternating. */
const POWERS = [
  18446744073161054266n,
  12786308574951439165n,
  4431395413656635806n,
  1023858175218189958n,
  177375884092628817n,
  24493474400855968n,
  2716508691225519n,
  199618684132469n,
];

export const abs = (x: bigint): bigint => (x < 0n ? -x : x);
export const shift = (x: bigint, by: number): bigint => (by < 0 ? x >> BigInt(-by) : x << BigInt(by));

/** A finite binary32 in fixed point, cut off towards zero. */
export function fix(bits: number): bigint {
  const { significand, exponent, negative } = unpack(bits);
  const magnitude = shift(BigInt(significand), exponent - 86);
  return negative ? -magnitude : magnitude;
}

/** significand · 2^(exponent - 64). */
export type Scaled = [significand: bigint, exponent: number];

/** 2^-s. */
export function power(s: bigint): Scaled {
  const f = s & (ONE - 1n);
  const y = POWERS.reduceRight((sum, c) => c - ((sum * f) >> 64n), 0n);
  return [y, Number(-(s >> 64n))];
}

/** e^x. */
export const exp = (x: bigint): Scaled => power((-x * LOG2_E) >> 64n);

/** e^-d, d not negative. */
export function decay(d: bigint): bigint {
  if (d >= 45n << 64n) return 0n;
  const [m, k] = exp(-d);
  return m >> BigInt(-k);
}

/** Binary logarithm of m · 2^e, m below 2^97; 96 fractional bits. */
export function log2(m: bigint, e: number): bigint {
  const top = m.toString(2).length - 1;
  const x = m << BigInt(96 - top);
  const whole = x > SQRT_2 ? 1 : 0;
  const one = 1n << BigInt(96 + whole);
  const t = ((x - one) << 96n) / (x + one);
  const square = (t * t) >> 96n;
  let sum = t;
  let term = t;
  for (let k = 3n; term !== 0n; k += 2n) {
    term = (term * square) / (1n << 96n);
    sum += term / k;
  }
  return (BigInt(e + top + whole) << 96n) + ((sum * TWO_OVER_LN_2) >> 96n);
}

/** Natural logarithm of m · 2^e; 96 fractional bits. */
export const ln = (m: bigint, e: number): bigint => (log2(m, e) * LN_2) >> 96n;

/** The error function of z, z not negative. */
export function erf(z: bigint): bigint {
  if (z >= 6n * ONE) return ONE;
  const square = (z * z) >> 64n;
  let sum = z;
  let term = z;
  for (let k = 3n; term !== 0n; k += 2n) {
    term = ((term * square) >> 63n) / k;
    sum += term;
  }
  const [m, e] = exp(-square);
  return (((sum * m) >> BigInt(64 - e)) * TWO_OVER_SQRT_PI) >> 64n;
}

/** The hyperbolic tangent of x, x not negative. */
export function tanh(x: bigint): bigint {
  const e = decay(2n * x);
  return ((ONE - e) << 64n) / (ONE + e);
}

/** How many turns a finite binary32 is in radians: the fraction, 192 bits, of its magnitude. */
export function turns(bits: number): bigint {
  const { significand, exponent } = unpack(bits);
  const m = BigInt(significand);
  const all = exponent < 150 ? (m * (TURN >> 64n)) >> BigInt(150 - exponent) : (m * TURN) << BigInt(exponent - 150);
  return exponent < 150 ? BigInt.asUintN(192, all) : BigInt.asUintN(256, all) >> 64n;
}

/** The sine of a fraction of a turn, 192 bits. */
export function sine(turn: bigint): bigint {
  const quarter = Number(turn >> 190n) & 3;
  const angle = (((turn >> 126n) & (ONE - 1n)) * HALF_PI) >> 64n;
  const square = (angle * angle) >> 64n;
  // a Taylor series: of the sine from the angle on, of the cosine from one on
  let term = quarter % 2 === 0 ? angle : ONE;
  let sum = term;
  for (let k = quarter % 2 === 0 ? 3n : 2n; term !== 0n; k += 2n) {
    term = ((term * square) >> 64n) / (k * (k - 1n));
    sum += k % 4n >= 2n ? -term : term;
  }
  return quarter < 2 ? sum : -sum;
}

/** The quarter turn that makes a sine a cosine. */
export const QUARTER = 1n << 190n;

/** The integer square root, towards zero. */
export function sqrt(n: bigint): bigint {
  if (n === 0n) return 0n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}
