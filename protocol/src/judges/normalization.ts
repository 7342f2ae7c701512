import { axesOf } from '../commitments/type.ts';
import { DTYPES, type Operator } from '../program/types.ts';
import { broadcast, indexOf, locate } from './coordinates.ts';
import { anything, element, inputType } from './elements.ts';
import { NAN_BITS, numberOfBits } from './float32.ts';
import { describe, type Interval, mildest, verdictOf } from './interval.ts';
import type { Judge, Need, Permitted, Trial, Verdict } from './judge.ts';
import { type Normalized, normalize, normalizeBatch } from './normalize.ts';
import { checkBroadcast, checkVersion, natural, refuse } from './refuse.ts';
import { softmax } from './softmax.ts';

/** Elements that one result may depend on. */
const MAX_SOFTMAX = 1 << 14;
const MAX_NORMALIZATION = 14_336;
const GREATEST_EPSILON = 0x3c800000; // 2^-6
const SIZE = DTYPES.float32.size;

interface Form {
  /** Least and most operands. */
  readonly operands: readonly [number, number];
  /** Operands from the second on have an element for each channel, axis 1. */
  readonly channels: boolean;
  /** Attribute word of epsilon. */
  readonly epsilon?: number;
}

const FORMS: Readonly<Record<string, Form>> = {
  Softmax: { operands: [1, 1], channels: false },
  LogSoftmax: { operands: [1, 1], channels: false },
  LayerNormalization: { operands: [2, 3], channels: false, epsilon: 1 },
  RMSNormalization: { operands: [2, 2], channels: false, epsilon: 1 },
  InstanceNormalization: { operands: [3, 3], channels: true, epsilon: 0 },
  GroupNormalization: { operands: [3, 3], channels: true, epsilon: 0 },
  BatchNormalization: { operands: [5, 5], channels: true, epsilon: 0 },
};

const isSoftmax = (op: Operator): boolean => op.name.endsWith('Softmax');

/** How many elements one result depends on. */
function lengthOf(op: Operator): number {
  const { dims } = inputType(op, 0);
  if (isSoftmax(op)) return dims[natural(op, 0)];
  if (!FORMS[op.name].channels) return dims.slice(natural(op, 0)).reduce((a, b) => a * b, 1);
  const length = dims.slice(2).reduce((a, b) => a * b, 1);
  return op.name === 'GroupNormalization' ? (length * dims[1]) / natural(op, 1) : length;
}

/** Softmax and normalisations: a row must lie in one piece, Softmax's axis innermost, the others' operand row-major. */
export const normalizationJudge: Judge = {
  contract: 'NormalizationJudge',
  versions: {
    Softmax: [13],
    LogSoftmax: [13],
    LayerNormalization: [17],
    RMSNormalization: [23],
    InstanceNormalization: [6, 22],
    GroupNormalization: [21],
    BatchNormalization: [9, 14, 15],
  },

  admit(op) {
    checkVersion(normalizationJudge, op);
    const { operands, channels, epsilon } = FORMS[op.name];
    if (op.outputTypes.length !== 1) refuse(op, 'it must have one output');
    if (op.inputs.length < operands[0] || op.inputs.length > operands[1])
      refuse(op, `it has ${op.inputs.length} operands`);
    const x = inputType(op, 0);
    const to = op.outputTypes[0];
    if (to.dtype !== 'float32' || `${to.dims}` !== `${x.dims}`) refuse(op, 'its output is not of its operand’s type');
    for (const [slot, type] of op.inputTypes.entries()) {
      if (!type && slot === 2 && operands[0] < 3) continue;
      if (type?.dtype !== 'float32') refuse(op, `operand ${slot} is ${type?.dtype ?? 'missing'}, not float32`);
      if (slot === 0) continue;
      if (!channels) checkBroadcast(op, type, to);
      else if (`${type.dims}` !== `${x.dims[1]}`) refuse(op, `operand ${slot} is [${type.dims}], not one a channel`);
    }
    if (epsilon !== undefined && natural(op, epsilon) > GREATEST_EPSILON) {
      refuse(op, `epsilon is ${numberOfBits(natural(op, epsilon))}, not between 0 and 1/64`);
    }
    if (op.name === 'BatchNormalization') return;
    if (!channels && natural(op, 0) >= x.dims.length) refuse(op, `axis ${natural(op, 0)} is absent`);
    if (isSoftmax(op)) {
      if (axesOf(x).at(-1) !== natural(op, 0)) refuse(op, 'its axis is not innermost');
    } else if (x.layout !== 0) {
      refuse(op, 'its operand is not row-major');
    }
    if (op.name === 'GroupNormalization' && !(x.dims[1] % natural(op, 1) === 0))
      refuse(op, 'groups do not divide channels');
    const most = isSoftmax(op) ? MAX_SOFTMAX : MAX_NORMALIZATION;
    if (lengthOf(op) > most) refuse(op, `a result depends on ${lengthOf(op)} elements, more than ${most}`);
  },

  *try(op, _numerics, _output, index): Trial {
    const x = inputType(op, 0);
    const here = locate(op.outputTypes[0], index);
    const from = indexOf(x, here);
    if (op.name === 'BatchNormalization') {
      const values = [Number(yield* element(op, 0, from))];
      for (const slot of [1, 2, 3, 4]) values.push(Number(yield* element(op, slot, here[1])));
      const [value, factor, bias, mean, variance] = values;
      return permitted(normalizeBatch(value, factor, bias, mean, variance, natural(op, 0)));
    }
    const length = lengthOf(op);
    const place = from % length;
    const row = new Uint32Array(length);
    new Uint8Array(row.buffer).set(yield { slot: 0, offset: (from - place) * SIZE, length: length * SIZE });
    if (isSoftmax(op)) {
      const result = softmax(row, place, op.name === 'LogSoftmax');
      return permitted(typeof result === 'number' ? [result] : result);
    }
    const factor = yield* coefficient(op, 1, here);
    const bias = yield* coefficient(op, 2, here);
    const centred = op.name !== 'RMSNormalization';
    return permitted(normalize(row, place, natural(op, FORMS[op.name].epsilon!), centred, factor, bias));
  },

  worst(op) {
    const others = op.inputTypes.slice(1).filter((type) => type !== null).length;
    const n = op.name === 'BatchNormalization' ? 1 : lengthOf(op);
    const gas = 25_000 + 6_000 * others + n * (isSoftmax(op) ? 530 : 220);
    return { bytes: n * SIZE + 9 + others * (9 + SIZE), gas };
  },
};

/** Scale or bias of an element; 0 where absent. */
function* coefficient(op: Operator, slot: number, here: readonly number[]): Generator<Need, number, Uint8Array> {
  const type = op.inputTypes[slot];
  if (!type) return 0;
  const at = FORMS[op.name].channels ? here[1] : indexOf(type, broadcast(type, here));
  return Number(yield* element(op, slot, at));
}

function permitted(result: Normalized): Permitted {
  if (result === 'anything') return anything('operands are beyond the judge');
  if (result === 'lost') {
    return {
      verdict: (claimed) => (Number(claimed) === NAN_BITS ? 'permitted' : 'void'),
      describe: () => 'NaN; all else is void, as the variance may be lost',
    };
  }
  const good = (bits: number): boolean =>
    result === 'special' ? (bits & 0x7f800000) === 0x7f800000 : (result as readonly number[]).includes(bits);
  if (result === 'special' || Array.isArray(result)) {
    return {
      verdict: (claimed) => (good(Number(claimed)) ? 'permitted' : 'convicted'),
      describe: () => (result === 'special' ? 'no finite number' : (result as number[]).map(numberOfBits).join(' or ')),
    };
  }
  const interval = result as Interval & { singular?: boolean };
  const verdict = (bits: number): Verdict => {
    const said = verdictOf(interval, bits);
    return interval.singular && (bits & 0x7f800000) === 0x7f800000 ? mildest(said, 'void') : said;
  };
  return { verdict: (claimed) => verdict(Number(claimed)), describe: () => describe(interval) };
}
