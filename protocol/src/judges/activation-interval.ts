import { abs, decay, erf, exp, fix, ln, ONE, QUARTER, sine, tanh, turns } from './fixed.ts';
import { unpack } from './float32.ts';
import { around, type Interval, ulps, underflow } from './interval.ts';

/** 2^-24 in fixed point: errors below are multiples of it, of the value or of the result's scale. */
const U = 1n << 40n;
const SIXTH = 3074457345618258602n;
const HALF_SQRT_2 = 13043817825332782212n;
const SQRT_2_OVER_PI = 14718372293494604904n;
const CUBE = 824846161255922600n; // 0.044715

const signed = (negative: boolean, magnitude: bigint): bigint => (negative ? -magnitude : magnitude);
const saturating = (value: bigint, sharp: bigint, contracted: bigint): Interval =>
  around(value, sharp * U, contracted * U);

/** x · factor · 2^-64, the errors being those of the factor; exact in x. */
function times(bits: number, factor: bigint, sharp: bigint, contracted: bigint): Interval {
  const { significand, exponent, negative } = unpack(bits);
  const unit = exponent - 214;
  const m = BigInt(significand);
  const small = underflow(unit);
  return { value: signed(negative, m * factor), unit, sharp: m * sharp + small, contracted: m * contracted + small };
}

function exponential(bits: number): Interval {
  const all = fix(bits);
  const most = 256n * ONE;
  const x = all > most ? most : all < -most ? -most : all;
  const [value, k] = exp(x);
  const unit = k - 64;
  if (unit < -300) return { value: 0n, unit: -300, sharp: underflow(-300), contracted: underflow(-300) };
  const sharp = 48n + (8n * abs(x)) / ONE;
  return {
    value,
    unit,
    sharp: ulps(value, sharp) + underflow(unit),
    contracted: ulps(value, 2n * sharp) + underflow(unit),
  };
}

function logarithm(bits: number): Interval {
  const { significand, exponent } = unpack(bits);
  const value = ln(BigInt(significand), exponent - 150);
  const scale = 1n << 72n; // 2^-24 in 96 bits
  return {
    value,
    unit: -96,
    sharp: ulps(value, 32) + 24n * scale,
    contracted: ulps(value, 64) + 64n * scale,
  };
}

function sigmoid(bits: number): Interval {
  const e = decay(abs(fix(bits)));
  return saturating(((bits >>> 31 ? e : ONE) << 64n) / (ONE + e), 24n, 64n);
}

function softplus(bits: number): Interval {
  const x = fix(bits);
  const value = (x > 0n ? x : 0n) + (ln(ONE + decay(abs(x)), -64) >> 32n);
  return around(value, ulps(value, 16) + 16n * U, ulps(value, 32) + 64n * U);
}

function gelu(bits: number, approximate: boolean): Interval {
  const size = abs(fix(bits));
  const wide = size >= 32n * ONE;
  const cube = wide ? 0n : (((((size * size) >> 64n) * size) >> 64n) * CUBE) >> 64n;
  const s = wide ? ONE : approximate ? tanh(((size + cube) * SQRT_2_OVER_PI) >> 64n) : erf((size * HALF_SQRT_2) >> 64n);
  const factor = (ONE + signed(bits >>> 31 === 1, s)) >> 1n;
  return approximate ? times(bits, factor, 40n * U, 256n * U) : times(bits, factor, 40n * U, 128n * U);
}

/** p + beta between 0 and 1, p and beta having errors of `roundings`: its middle, and half its width. */
function clamped(p: bigint, beta: bigint, roundings: number): [middle: bigint, half: bigint] {
  const error = ulps(abs(p) + abs(beta), roundings);
  const clamp = (v: bigint) => (v < 0n ? 0n : v > ONE ? ONE : v);
  const [low, high] = [clamp(p + beta - error), clamp(p + beta + error)];
  const middle = (low + high) >> 1n;
  return [middle, high - middle];
}

function hardSigmoid(bits: number, alpha: number, beta: number): Interval {
  const [x, a] = [unpack(bits), unpack(alpha)];
  const by = x.exponent + a.exponent - 236;
  const product = BigInt(x.significand) * BigInt(a.significand);
  const p = by < 0 ? product >> BigInt(-by) : product << BigInt(by);
  const [middle, half] = clamped(signed(x.negative !== a.negative, p), fix(beta), 4);
  return around(middle, half, half);
}

function hardSwish(bits: number): Interval {
  const [middle, half] = clamped((fix(bits) * SIXTH) >> 64n, ONE >> 1n, 24);
  return times(bits, middle, half + 4n * U, half + 4n * U);
}

/** alpha (e^x - 1), x negative. */
const elu = (bits: number, alpha: number): Interval => times(alpha, decay(-fix(bits)) - ONE, 24n * U, 64n * U);

function reciprocal(bits: number): Interval {
  const { significand, exponent, negative } = unpack(bits);
  const value = signed(negative, (1n << 120n) / BigInt(significand));
  const unit = 30 - exponent;
  const [sharp, contracted] = [ulps(value, 8) + underflow(unit), ulps(value, 16) + underflow(unit)];
  return { value, unit, sharp, contracted };
}

/** Sine, or cosine by a quarter turn: devices reduce large angles with an error that grows with them. */
function circular(bits: number, quarter: bigint): Interval {
  const turn = BigInt.asUintN(192, turns(bits) + quarter);
  const value = signed(quarter === 0n && bits >>> 31 === 1, sine(turn));
  return around(value, 16n * U, 16384n * U + (abs(fix(bits)) >> 21n));
}

/** The interval of an element-wise function at a finite x; Log: x > 0; Elu: x < 0; Reciprocal: x not 0. */
export const INTERVALS: Readonly<Record<string, (x: number, words: readonly number[]) => Interval>> = {
  Exp: exponential,
  Log: logarithm,
  Erf: (x) => saturating(signed(x >>> 31 === 1, erf(abs(fix(x)))), 80n, 128n),
  Tanh: (x) => saturating(signed(x >>> 31 === 1, tanh(abs(fix(x)))), 40n, 256n),
  Sigmoid: sigmoid,
  Softplus: softplus,
  Gelu: (x, [approximate]) => gelu(x, approximate !== 0),
  HardSwish: hardSwish,
  HardSigmoid: (x, [alpha, beta]) => hardSigmoid(x, alpha, beta),
  Elu: (x, [alpha]) => elu(x, alpha),
  Sin: (x) => circular(x, 0n),
  Cos: (x) => circular(x, QUARTER),
  Reciprocal: reciprocal,
};
