import { limitsOf } from '../../commitments/program.ts';
import type { DType } from '../types.ts';
import { type Bounds, greatest, type Known, LEAST_NORMAL, lowestBit, ofType, quantumAbove, rounded } from './bounds.ts';

/** Result bounds of an element-wise operator on known operands, before rounding; null: nothing is proven. */
type Rule = (operands: readonly Bounds[], words: readonly number[]) => Known;

const corners = (a: Bounds, b: Bounds, f: (x: number, y: number) => number): { low: number; high: number } => {
  const all = [f(a.low, b.low), f(a.low, b.high), f(a.high, b.low), f(a.high, b.high)];
  return { low: Math.min(...all), high: Math.max(...all) };
};
const finer = (operands: readonly Bounds[]): number => Math.min(...operands.map(({ quantum }) => quantum));
const monotone =
  (f: (x: number) => number, quantum: (q: number) => number = (q) => q): Rule =>
  ([a]) => ({ low: f(a.low), high: f(a.high), quantum: quantum(a.quantum) });
const integral = (f: (x: number) => number): Rule => monotone(f, (q) => Math.max(1, q));
/** ONNX rounds halves to even. */
const roundEven = (x: number): number => {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
};

const RULES: Readonly<Record<string, Rule>> = {
  Add: ([a, b]) => ({ low: a.low + b.low, high: a.high + b.high, quantum: finer([a, b]) }),
  Sub: ([a, b]) => ({ low: a.low - b.high, high: a.high - b.low, quantum: finer([a, b]) }),
  Mul: ([a, b]) => ({ ...corners(a, b, (x, y) => x * y), quantum: a.quantum * b.quantum }),
  Div: ([a, b]) =>
    b.low <= 0 && b.high >= 0
      ? null
      : { ...corners(a, b, (x, y) => x / y), quantum: quantumAbove(a.quantum / greatest(b)) },
  Min: (all) => ({
    low: Math.min(...all.map((b) => b.low)),
    high: Math.min(...all.map((b) => b.high)),
    quantum: finer(all),
  }),
  Max: (all) => ({
    low: Math.max(...all.map((b) => b.low)),
    high: Math.max(...all.map((b) => b.high)),
    quantum: finer(all),
  }),
  Relu: monotone((x) => Math.max(x, 0)),
  LeakyRelu: ([a], [bits]) => {
    const alpha = new Float32Array(Uint32Array.of(bits).buffer)[0];
    if (!Number.isFinite(alpha)) return null;
    const ends = [a.low, a.high, 0].map((x) => (x < 0 ? x * alpha : x));
    return {
      low: Math.min(...ends),
      high: Math.max(...ends),
      quantum: Math.min(a.quantum, a.quantum * lowestBit(alpha)),
    };
  },
  PRelu: ([a, slope]) => {
    const below = corners({ ...a, low: Math.min(a.low, 0), high: 0 }, slope, (x, s) => x * s);
    return {
      low: Math.min(a.low > 0 ? a.low : 0, below.low),
      high: Math.max(a.high, below.high),
      quantum: Math.min(a.quantum, a.quantum * slope.quantum),
    };
  },
  ThresholdedRelu: ([a]) => ({ low: Math.min(a.low, 0), high: Math.max(a.high, 0), quantum: a.quantum }),
  Shrink: ([a], words) => {
    const [, bias] = new Float32Array(Uint32Array.from(words).buffer);
    if (!Number.isFinite(bias)) return null;
    const reach = Math.abs(bias);
    const quantum = Math.min(a.quantum, lowestBit(bias));
    return { low: Math.min(a.low - reach, 0), high: Math.max(a.high + reach, 0), quantum };
  },
  Mod: ([a, b], [fmod]) => {
    const most = greatest(b) - 1;
    if (fmod !== 0)
      return { low: Math.max(Math.min(a.low, 0), -most), high: Math.min(Math.max(a.high, 0), most), quantum: 1 };
    return { low: b.low < 0 ? -most : 0, high: b.high > 0 ? most : 0, quantum: 1 };
  },
  BitShift: ([a, b], [right]) =>
    right !== 0
      ? { low: Math.floor(a.low / 2 ** b.high), high: Math.floor(a.high / 2 ** b.low), quantum: 1 }
      : { low: a.low * 2 ** b.low, high: a.high * 2 ** b.high, quantum: a.quantum * 2 ** b.low },
  Floor: integral(Math.floor),
  Ceil: integral(Math.ceil),
  Round: integral(roundEven),
  Neg: ([a]) => ({ low: -a.high, high: -a.low, quantum: a.quantum }),
  Abs: ([a]) => ({
    low: a.low > 0 ? a.low : a.high < 0 ? -a.high : 0,
    high: greatest(a),
    quantum: a.quantum,
  }),
  Sign: ([a]) => ({ low: Math.sign(a.low), high: Math.sign(a.high), quantum: 1 }),
  Sqrt: ([a]) =>
    a.low < 0 ? null : { low: Math.sqrt(a.low), high: Math.sqrt(a.high), quantum: quantumAbove(Math.sqrt(a.quantum)) },
};
const ROUNDS = new Set(['Add', 'Sub', 'Mul', 'Div', 'Sqrt', 'LeakyRelu', 'PRelu', 'Shrink']);
const BOOLEAN: Bounds = { low: 0, high: 1, quantum: 1 };
const COMPARES = ['Equal', 'Greater', 'Less', 'GreaterOrEqual', 'LessOrEqual', 'And', 'Or', 'Xor', 'Not'];

/** Clip as ONNX has it: first the lower limit, then the upper one. */
function clip([x, least, most]: readonly (Known | undefined)[]): Known {
  if (!x || least === null || most === null) return null;
  const between = (v: number, from?: number, to?: number) => Math.min(Math.max(v, from ?? -Infinity), to ?? Infinity);
  return {
    low: between(x.low, least?.low, most?.low),
    high: between(x.high, least?.high, most?.high),
    quantum: finer([x, ...[least, most].filter((b) => b !== undefined)]),
  };
}

function cast(from: DType, x: Known, to: DType): Known {
  if (to === 'bool') return BOOLEAN;
  if (!x) return ofType(to);
  if (to === 'float32' || from !== 'float32') return rounded(to, x);
  return { low: Math.trunc(x.low), high: Math.trunc(x.high), quantum: Math.max(1, x.quantum) };
}

/** Whether every float that `x` allows has a value in integer type `to` after truncation. */
export function castFits(x: Known, to: DType): boolean {
  if (to === 'bool' || to === 'float32') return true;
  if (!x) return false;
  const { low, high } = limitsOf(to);
  return Math.trunc(x.low) >= low && (high > 2 ** 53 ? x.high < high : Math.trunc(x.high) <= high);
}

export interface Finding {
  readonly bounds: Known;
  /** Every device gives the same result. */
  readonly exact: boolean;
}

/** What is proven of an element-wise operator; undefined for operators of other families. */
export function elementwise(
  type: string,
  from: DType,
  to: DType,
  operands: readonly (Known | undefined)[],
  words: readonly number[],
): Finding | undefined {
  if (COMPARES.includes(type)) return { bounds: BOOLEAN, exact: true };
  const present = operands.filter((b) => b !== undefined);
  const known = present.filter((b) => b !== null);
  const float = from === 'float32' || to === 'float32';
  const finding = (bounds: Known, rounds: boolean): Finding => {
    const normal = !rounds || (bounds !== null && bounds.quantum >= LEAST_NORMAL);
    return { bounds, exact: !float || (known.length === present.length && bounds !== null && normal) };
  };
  if (type === 'Cast') return finding(cast(from, operands[0] ?? null, to), false);
  if (type === 'Clip') return finding(from === 'float32' ? clip(operands) : (clip(operands) ?? ofType(to)), false);
  const rule = Object.hasOwn(RULES, type) ? RULES[type] : undefined;
  if (!rule) return undefined;
  let result = known.length === present.length ? rule(known, words) : null;
  if (result && type === 'Div' && to !== 'float32') {
    result = { low: Math.trunc(result.low), high: Math.trunc(result.high), quantum: 1 };
  }
  return finding(result ? rounded(to, result) : ofType(to), ROUNDS.has(type));
}
