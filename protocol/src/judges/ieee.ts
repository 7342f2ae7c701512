import { DTYPES, type DType } from '../program/types.ts';
import { broadcast, indexOf, locate } from './coordinates.ts';
import { anything, element, inputType, isInteger, numberOf, show, wrap } from './elements.ts';
import { bitsOf, isSubnormal, numberOfBits, roundInteger } from './float32.ts';
import { COMPARISONS, RESULTS, results } from './ieee-results.ts';
import type { Judge, Permitted, Trial } from './judge.ts';
import { checkBroadcast, natural, refuse } from './refuse.ts';

/** Operator versions that the contract knows. */
const VERSIONS: Readonly<Record<string, readonly number[]>> = {
  Add: [7, 13, 14],
  Sub: [7, 13, 14],
  Mul: [7, 13, 14],
  Div: [7, 13, 14],
  Min: [8, 12, 13],
  Max: [8, 12, 13],
  Relu: [6, 13, 14],
  Clip: [11, 12, 13],
  LeakyRelu: [6, 16],
  Sqrt: [6, 13],
  Abs: [6, 13],
  Neg: [6, 13],
  Floor: [6, 13],
  Ceil: [6, 13],
  Round: [11, 22],
  Sign: [9, 13],
  PRelu: [9, 16],
  ThresholdedRelu: [10, 22],
  Shrink: [9],
  Equal: [7, 11, 13, 19],
  Greater: [7, 9, 13],
  Less: [7, 9, 13],
  GreaterOrEqual: [12, 16],
  LessOrEqual: [12, 16],
  Cast: [6, 9, 13, 19, 21, 23, 24],
};

/** Operators with a float as their attribute word. */
const PARAMETER = new Set(['LeakyRelu', 'ThresholdedRelu', 'Shrink']);
const BINARY = new Set(['Add', 'Sub', 'Mul', 'Div', 'PRelu', ...Object.keys(COMPARISONS)]);

/** Binary32 operators that round at most once: no width, but for the flush of subnormals. */
export const ieeeJudge: Judge = {
  contract: 'IeeeJudge',
  repeats: true,
  versions: VERSIONS,

  admit(op) {
    if (!VERSIONS[op.name]?.includes(op.since)) refuse(op, 'no float judge knows this operator version');
    if (op.outputTypes.length !== 1) refuse(op, 'it must have one output');
    const to = op.outputTypes[0];
    for (const [slot, type] of op.inputTypes.entries()) {
      if (!type && !(op.name === 'Clip' && slot > 0)) refuse(op, `operand ${slot} is missing`);
      if (!type) continue;
      if (op.name !== 'Cast' && type.dtype !== 'float32') refuse(op, `operand ${slot} is ${type.dtype}, not float32`);
      checkBroadcast(op, type, to);
    }
    const [least, most] = operands(op.name);
    if (op.inputs.length < least || op.inputs.length > most) refuse(op, `it has ${op.inputs.length} operands`);
    if (op.name === 'Cast') {
      if (inputType(op, 0).dtype !== 'float32' && to.dtype !== 'float32') {
        refuse(op, `it casts ${inputType(op, 0).dtype} to ${to.dtype}`);
      }
    } else {
      const expected = op.name in COMPARISONS ? 'bool' : 'float32';
      if (to.dtype !== expected) refuse(op, `its output is ${to.dtype}, not ${expected}`);
      if (PARAMETER.has(op.name)) natural(op, 0);
      if (op.name === 'Shrink') natural(op, 1);
    }
  },

  *try(op, _numerics, _output, index): Trial {
    const to = op.outputTypes[0];
    const here = locate(to, index);
    const bits: (bigint | null)[] = [];
    for (const [slot, type] of op.inputTypes.entries()) {
      bits.push(type ? yield* element(op, slot, indexOf(type, broadcast(type, here))) : null);
    }
    if (op.name === 'Cast') return cast(bits[0]!, inputType(op, 0).dtype, to.dtype);
    const alpha = PARAMETER.has(op.name) ? numberOfBits(natural(op, 0)) : 0;
    const x = bits.map((word) => (word === null ? null : numberOfBits(Number(word))));
    if (op.name === 'Shrink') x.push(numberOfBits(natural(op, 1)));
    const compares = op.name in COMPARISONS;
    const found = results(compares ? COMPARISONS[op.name] : RESULTS[op.name], x, alpha, compares);
    return oneOf(
      found.map((y) => BigInt(compares ? y : bitsOf(y))),
      to.dtype,
    );
  },

  worst(op) {
    const present = op.inputTypes.filter((type) => type !== null);
    const bytes = present.reduce((sum, type) => sum + 9 + DTYPES[type.dtype].size, 0);
    return { bytes, gas: 25_000 + 10_000 * present.length };
  },
};

function operands(name: string): readonly [number, number] {
  if (name === 'Clip') return [1, 3];
  if (name === 'Min' || name === 'Max') return [1, 127];
  return BINARY.has(name) ? [2, 2] : [1, 1];
}

function cast(bits: bigint, from: DType, to: DType): Permitted {
  if (from === 'float32' && to === 'float32') return oneOf([bits], to);
  if (to === 'float32') return oneOf([BigInt(bitsOf(roundInteger(numberOf(bits, from))))], to);
  const value = numberOfBits(Number(bits));
  if (to === 'bool') return oneOf(isSubnormal(value) ? [1n, 0n] : [value === 0 ? 0n : 1n], to);
  if (!Number.isFinite(value)) return anything(`${value} is no integer`);
  const integer = BigInt(Math.trunc(value));
  const wrapped = wrap(integer, to);
  if (!isInteger(to) || numberOf(wrapped, to) !== integer) return anything(`${integer} is no ${to}`);
  return oneOf([wrapped], to);
}

function oneOf(values: readonly bigint[], dtype: DType): Permitted {
  const permitted = new Set(values);
  const words = [...permitted].map((bits) => (bits === 0x80000000n && dtype === 'float32' ? '-0' : show(bits, dtype)));
  return {
    verdict: (claimed) => (permitted.has(claimed) ? 'permitted' : 'convicted'),
    describe: () => (words.length === 1 ? `exactly ${words[0]}` : `one of ${words.join(', ')}`),
  };
}
