import { DTYPES, type DType, type Operator } from '../program/types.ts';
import { broadcast, indexOf, locate } from './coordinates.ts';
import { anything, element, exactly, inputType, isInteger, isSigned, numberOf, wrap } from './elements.ts';
import type { Judge, Need, Trial } from './judge.ts';
import { checkBroadcast, checkVersion, natural, refuse } from './refuse.ts';

type Unary = (a: bigint, to: DType) => bigint;
type Binary = (a: bigint, b: bigint) => bigint;

const bit = (yes: boolean): bigint => (yes ? 1n : 0n);
const min: Binary = (a, b) => (a < b ? a : b);
const max: Binary = (a, b) => (a > b ? a : b);

const UNARY: Readonly<Record<string, Unary>> = {
  Neg: (a) => -a,
  Abs: (a) => (a < 0n ? -a : a),
  Sign: (a) => (a < 0n ? -1n : bit(a > 0n)),
  Relu: (a) => max(a, 0n),
  Not: (a) => a ^ 1n,
  Cast: (a, to) => (to === 'bool' ? bit(a !== 0n) : a),
};

const COMPARISONS: Readonly<Record<string, Binary>> = {
  Equal: (a, b) => bit(a === b),
  Greater: (a, b) => bit(a > b),
  Less: (a, b) => bit(a < b),
  GreaterOrEqual: (a, b) => bit(a >= b),
  LessOrEqual: (a, b) => bit(a <= b),
};

const LOGIC: Readonly<Record<string, Binary>> = {
  And: (a, b) => a & b,
  Or: (a, b) => a | b,
  Xor: (a, b) => a ^ b,
};

const BINARY: Readonly<Record<string, Binary>> = {
  ...COMPARISONS,
  ...LOGIC,
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Min: min,
  Max: max,
};

/** Operators with an attribute word: by it, one or the other. */
const EITHER: Readonly<Record<string, readonly [Binary, Binary]>> = {
  BitShift: [(a, b) => a << b, (a, b) => a >> b],
  Mod: [(a, b) => (a % b !== 0n && a % b < 0n !== b < 0n ? (a % b) + b : a % b), (a, b) => a % b],
};

/** Element-wise operators on integers and bool: arithmetic that wraps, extremes, comparisons, logic, casts. */
export const integerJudge: Judge = {
  contract: 'IntegerJudge',
  repeats: true,
  versions: {
    Add: [13, 14],
    Sub: [13, 14],
    Mul: [13, 14],
    Div: [13, 14],
    BitShift: [11],
    Mod: [13],
    Min: [13],
    Max: [13],
    Clip: [13],
    Neg: [13],
    Abs: [13],
    Sign: [13],
    Relu: [14],
    Equal: [13, 19],
    Greater: [13],
    Less: [13],
    GreaterOrEqual: [12, 16],
    LessOrEqual: [12, 16],
    And: [7],
    Or: [7],
    Xor: [7],
    Not: [1],
    Cast: [13, 19, 21],
  },

  admit(op) {
    checkVersion(integerJudge, op);
    if (op.outputTypes.length !== 1) refuse(op, 'it must have one output');
    const to = op.outputTypes[0];
    const from = op.inputTypes[0]?.dtype;
    if (!from) refuse(op, 'operand 0 is missing');
    checkTypes(op, from, to.dtype);
    if (Object.hasOwn(EITHER, op.name)) natural(op, 0);
    if (op.name === 'BitShift' && isSigned(from)) refuse(op, 'only unsigned integers are shifted');
    for (const [slot, type] of op.inputTypes.entries()) {
      if (!type && op.name !== 'Clip') refuse(op, `operand ${slot} is missing`);
      if (type && type.dtype !== from) refuse(op, `operand ${slot} is ${type.dtype}, operand 0 is ${from}`);
      if (type) checkBroadcast(op, type, to);
    }
    const [least, most] = UNARY[op.name] ? [1, 1] : op.name === 'Clip' ? [1, 3] : isExtreme(op) ? [1, 127] : [2, 2];
    if (op.inputs.length < least || op.inputs.length > most) refuse(op, `it has ${op.inputs.length} operands`);
  },

  *try(op, _numerics, _output, index): Trial {
    const to = op.outputTypes[0];
    const here = locate(to, index);
    const first = yield* operand(op, 0, here);
    const unary = UNARY[op.name];
    if (unary) return exactly(wrap(unary(first, to.dtype), to.dtype), to.dtype);
    let result = first;
    for (let slot = 1; slot < op.inputs.length; slot++) {
      if (op.inputs[slot].kind === 'none') continue;
      const right = yield* operand(op, slot, here);
      if (undefinedFor(op, right)) return anything('division by zero, or a shift by the whole width, has no result');
      result = (op.name === 'Clip' ? (slot === 1 ? max : min) : binary(op))(result, right);
    }
    return exactly(wrap(result, to.dtype), to.dtype);
  },

  worst(op) {
    const present = op.inputTypes.filter((type) => type !== null);
    const bytes = present.reduce((sum, type) => sum + 9 + DTYPES[type.dtype].size, 0);
    return { bytes, gas: 12_000 + (2_500 + 500 * op.outputTypes[0].dims.length) * present.length };
  },
};

const binary = (op: Operator): Binary =>
  Object.hasOwn(EITHER, op.name) ? EITHER[op.name][natural(op, 0) !== 0 ? 1 : 0] : BINARY[op.name];

const undefinedFor = (op: Operator, right: bigint): boolean =>
  op.name === 'BitShift'
    ? right >= 8n * BigInt(DTYPES[inputType(op, 0).dtype].size)
    : (op.name === 'Div' || op.name === 'Mod') && right === 0n;

const isExtreme = (op: Operator): boolean => op.name === 'Min' || op.name === 'Max';

function* operand(op: Operator, slot: number, here: readonly number[]): Generator<Need, bigint, Uint8Array> {
  const type = inputType(op, slot);
  return numberOf(yield* element(op, slot, indexOf(type, broadcast(type, here))), type.dtype);
}

function checkTypes(op: Operator, from: DType, to: DType): void {
  const logic = op.name in LOGIC || op.name === 'Not';
  const takesBool = logic || op.name === 'Equal' || op.name === 'Cast';
  if (from === 'bool' ? !takesBool : logic || !isInteger(from)) refuse(op, `its operands cannot be ${from}`);
  const fits =
    op.name === 'Cast' ? isInteger(to) || to === 'bool' : logic || op.name in COMPARISONS ? to === 'bool' : to === from;
  if (!fits) refuse(op, `its output cannot be ${to}`);
}
