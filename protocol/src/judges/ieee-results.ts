import { isSubnormal, signedZero } from './float32.ts';

/** Every result that arithmetic allows, as numbers (comparisons: 0 or 1). Absent operands are `null`. */
export type Results = (x: readonly (number | null)[], alpha: number) => number[];

const BOTH_ZEROS = [0, -0];

/** A result rounded once, from its value rounded to binary64, and both zeros where it may be flushed. */
function rounded(value: number): number[] {
  return isSubnormal(value) ? [Math.fround(value), ...BOTH_ZEROS] : [Math.fround(value)];
}

/** Rounding to binary64 first does no harm: 53 digits are twice 24 and more. */
const binary =
  (f: (a: number, b: number) => number): Results =>
  ([a, b]) =>
    rounded(f(a!, b!));

const unary =
  (f: (a: number) => number): Results =>
  ([a]) => [f(a!)];

const compare =
  (f: (a: number, b: number) => boolean): Results =>
  ([a, b]) => [f(a!, b!) ? 1 : 0];

const extreme =
  (beats: (a: number, b: number) => boolean): Results =>
  (x) => {
    const values = x.map((a) => a!);
    if (values.some(Number.isNaN)) return [Number.NaN, ...values];
    return values.filter((a) => !values.some((b) => beats(b, a)));
  };

function clipped(x: number, low: number | null, high: number | null): number[] {
  const present = [x, low, high].filter((a) => a !== null);
  if (present.some(Number.isNaN)) return [Number.NaN, ...present];
  let result = x;
  if (low !== null && low > result) result = low;
  if (high !== null && high < result) result = high;
  return present.filter((a) => a === result);
}

/** An engine may take the largest finite number of its sign for an absent bound. */
const clip: Results = ([x, low = null, high = null]) => {
  const free = (x === Number.POSITIVE_INFINITY && high === null) || (x === Number.NEGATIVE_INFINITY && low === null);
  const results = clipped(x!, low, high);
  return free ? [...results, ...clipped(Math.sign(x!) * (2 ** 128 - 2 ** 104), low, high)] : results;
};

/** The nearest integer, ties to even, with the sign of `a`. */
function roundEven(a: number): number {
  const floor = Math.floor(a);
  if (!(a - floor > 0)) return a;
  const up = a - floor > 0.5 || (a - floor === 0.5 && floor % 2 !== 0);
  return (up ? floor + 1 : floor) || signedZero(a);
}

const relu: Results = ([a]) => {
  if (Number.isNaN(a!)) return [Number.NaN, 0];
  return a! > 0 ? [a!] : a === 0 ? [0, a!] : [0];
};

const leakyRelu: Results = ([a], alpha) => {
  if (a! > 0) return [a!];
  return a === 0 ? [a, ...rounded(alpha * a)] : rounded(alpha * a!);
};

const pRelu: Results = ([a, slope]) => leakyRelu([a], slope!);

/** A step function: zeros of either sign, and a NaN passed on or taken for no larger and no smaller than anything. */
const stepped =
  (f: (a: number, alpha: number, b: number) => number[]): Results =>
  ([a, b], alpha) => {
    if (Number.isNaN(a!)) return [Number.NaN, ...BOTH_ZEROS];
    return f(a!, alpha, b ?? 0).flatMap((y) => (y === 0 ? BOTH_ZEROS : [y]));
  };

const shrink = (a: number, lambda: number, bias: number): number[] => {
  if (a < -lambda) return rounded(a + bias);
  return a > lambda ? rounded(a - bias) : BOTH_ZEROS;
};

export const RESULTS: Readonly<Record<string, Results>> = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Min: extreme((a, b) => a < b),
  Max: extreme((a, b) => a > b),
  Clip: clip,
  Relu: relu,
  LeakyRelu: leakyRelu,
  Sqrt: unary((a) => Math.fround(Math.sqrt(a))),
  Abs: unary(Math.abs),
  Neg: unary((a) => -a),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Round: unary(roundEven),
  Sign: stepped((a) => [Math.sign(a)]),
  PRelu: pRelu,
  ThresholdedRelu: stepped((a, alpha) => [a > alpha ? a : 0]),
  Shrink: stepped(shrink),
};

export const COMPARISONS: Readonly<Record<string, Results>> = {
  Equal: compare((a, b) => a === b),
  Greater: compare((a, b) => a > b),
  Less: compare((a, b) => a < b),
  GreaterOrEqual: compare((a, b) => a >= b),
  LessOrEqual: compare((a, b) => a <= b),
};

/** Results on the operands as they are, and, if a device may read some as zero, on those zeros too. */
export function results(f: Results, x: readonly (number | null)[], alpha: number, compares: boolean): number[] {
  const exact = f(x, alpha);
  const flush = (a: number | null): number | null => (a !== null && isSubnormal(a) ? signedZero(a) : a);
  if (![...x, alpha].some((a) => a !== null && isSubnormal(a))) return exact;
  const flushed = f(x.map(flush), flush(alpha)!);
  return [...exact, ...flushed.flatMap((y) => (y === 0 && !compares ? BOTH_ZEROS : [y]))];
}
