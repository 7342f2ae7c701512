import { byteLength, type DType, type Operator } from '../program/types.ts';
import { indexOf, locate } from './coordinates.ts';
import { convolveBytes, multiplyBytes } from './dot-integers.ts';
import { matmulRows, type Rows } from './dot-rows.ts';
import { type Window, window } from './dot-window.ts';
import { anything, element, inputType, numberOf, show } from './elements.ts';
import { bitsOf, numberOfBits, roundInteger, unpack } from './float32.ts';
import type { Judge, Need, Permitted, Trial } from './judge.ts';
import { admitQuantise, dotTerms } from './quantise-admit.ts';
import { isPowerOfTwo, isScale, quantised, quotient } from './quantum.ts';
import { natural } from './refuse.ts';

const INFINITE = 0x7f800000;
/** Below it, flushes would matter to a scale of 255 steps. */
const SMALL = 0x0d800000;
/** Two roundings, and two more of requantisation, with room. */
const QUOTIENT = 22;
const REQUANTISED = 21;
/** Range of the exponents that engines' factors stay within. */
const REACH = 120;
const ABNORMAL = 'the scale is no positive, finite, normal number';

/**
 * Quantisation. No width, but that a quantised value may be either neighbour where the exact one lies within the
 * engines' rounding errors of the middle between them.
 */
export const quantiseJudge: Judge = {
  contract: 'QuantiseJudge',
  versions: {
    QuantizeLinear: [13, 19, 21],
    DequantizeLinear: [13, 19, 21],
    DynamicQuantizeLinear: [11],
    QLinearMatMul: [10, 21],
    QLinearConv: [10],
  },

  admit(op) {
    admitQuantise(quantiseJudge, op);
  },

  try(op, _numerics, _output, index): Trial {
    switch (op.name) {
      case 'QuantizeLinear':
        return tryQuantise(op, index);
      case 'DequantizeLinear':
        return tryDequantise(op, index);
      case 'DynamicQuantizeLinear':
        return natural(op, 0) === 1 ? tryScale(op) : tryZeroPoint(op);
      case 'QLinearMatMul':
        return tryMatMul(op, matmulRows(op, index));
      default:
        return tryConv(op, window(op, index));
    }
  },

  worst(op) {
    if (op.name === 'DynamicQuantizeLinear') {
      const size = byteLength(inputType(op, 0));
      return { bytes: size + 22, gas: 30_000 + 75 * size };
    }
    if (op.name.startsWith('Q') && op.name !== 'QuantizeLinear') {
      const n = dotTerms(op);
      const [, , kh, kw] = inputType(op, 1).dims;
      const ranges = (op.name === 'QLinearConv' ? kh * kw : 1) + 8;
      return { bytes: 2 * n + 9 * ranges + 24, gas: Math.ceil(60_000 + ranges * 2_600 + n * 18 + (n / 16) ** 2 / 512) };
    }
    return { bytes: 3 * 9 + 12, gas: 32_000 + 2_500 * inputType(op, 0).dims.length };
  },
};

function* tryQuantise(op: Operator, index: number): Trial {
  const { dtype, dims } = op.outputTypes[0];
  const here = locate(op.outputTypes[0], index);
  const x = Number(yield* element(op, 0, indexOf(inputType(op, 0), here)));
  const channel = dims.length === 0 ? 0 : here[natural(op, 0)];
  const scale = yield* factor(op, 1, channel);
  const zero = yield* zeroPoint(op, 2, channel, dtype);
  if (!isScale(scale)) return anything(ABNORMAL);
  if ((x & 0x7fffffff) > INFINITE) return anything('a NaN has no quantum');
  return quantised(quotient(x, scale, dtype, zero, QUOTIENT));
}

function* tryDequantise(op: Operator, index: number): Trial {
  const from = inputType(op, 0);
  const here = locate(op.outputTypes[0], index);
  const x = numberOf(yield* element(op, 0, indexOf(from, here)), from.dtype);
  const channel = from.dims.length === 0 ? 0 : here[natural(op, 0)];
  const bits = yield* factor(op, 1, channel);
  const zero = yield* zeroPoint(op, 2, channel, from.dtype);
  const scale = numberOfBits(bits);
  const exact = roundInteger(x - zero) * scale;
  const tiny = (y: number) => y !== 0 && Math.abs(y) < 2 ** -126;
  const good = new Set([BigInt(bitsOf(exact))]);
  if (tiny(scale) || tiny(exact)) for (const zeros of [0n, 0x80000000n]) good.add(zeros);
  return {
    verdict: (claimed) => (good.has(claimed) ? 'permitted' : 'convicted'),
    describe: () => [...good].map((y) => show(y, 'float32')).join(' or '),
  };
}

/** The smallest and the largest of x and zero; undefined if some x is no finite number. */
function* ends(op: Operator): Generator<Need, { low: number; high: number } | undefined, Uint8Array> {
  const bytes = yield { slot: 0, offset: 0, length: byteLength(inputType(op, 0)) };
  const x = new Float32Array(bytes.slice().buffer);
  let [low, high] = [0, 0];
  for (const value of x) {
    if (!Number.isFinite(value)) return undefined;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

const NOT_FINITE = 'some element is no finite number';

function* tryScale(op: Operator): Trial {
  const found = yield* ends(op);
  if (!found) return anything(NOT_FINITE);
  const span = Math.fround(found.high - found.low);
  const bits = bitsOf(span);
  let good = [1, 0];
  if (span !== 0) {
    if (bits < SMALL || bits >= INFINITE) return anything('its elements reach too far, or nowhere');
    good = [Math.fround(span / 255), Math.fround(span * Math.fround(1 / 255))];
  }
  const permitted = new Set(good.map((value) => BigInt(bitsOf(value))));
  return {
    verdict: (claimed) => (permitted.has(claimed) ? 'permitted' : 'convicted'),
    describe: () => [...new Set(good)].join(' or '),
  };
}

function* tryZeroPoint(op: Operator): Trial {
  const found = yield* ends(op);
  const scale = yield* factor(op, 1, 0);
  if (!found) return anything(NOT_FINITE);
  if (!isScale(scale)) return anything(ABNORMAL);
  return quantised(quotient(bitsOf(Math.abs(found.low)), scale, 'uint8', 0n, QUOTIENT));
}

function* tryMatMul(op: Operator, rows: Rows): Trial {
  return yield* requantised(op, yield* multiplyBytes(op, rows), rows.row, rows.column);
}

function* tryConv(op: Operator, place: Window): Trial {
  return yield* requantised(op, yield* convolveBytes(op, place), 0, place.filter);
}

/** What a dot product may become, by the scales of both operands and of the result, its zero point and a bias. */
function* requantised(op: Operator, dot: bigint, row: number, column: number): Generator<Need, Permitted, Uint8Array> {
  const a = yield* factor(op, 4, row);
  const b = yield* factor(op, 5, column);
  const y = yield* factor(op, 6, 0);
  const { dtype } = op.outputTypes[0];
  const zero = yield* zeroPoint(op, 7, 0, dtype);
  const bias = op.inputTypes[8] ? numberOf(yield* element(op, 8, column), 'int32') : 0n;
  const sum = BigInt.asIntN(32, dot + bias);
  if (![a, b, y].every(isScale)) return anything(ABNORMAL);
  const product = (a >>> 23) + (b >>> 23) - 254;
  const ratio = product - (y >>> 23) + 127;
  if (Math.abs(product) > REACH || Math.abs(ratio) > REACH) return anything('the scales lie too far apart');
  const m = sum < 0n ? -sum : sum;
  const exact = [a, b, y].every(isPowerOfTwo) && m <= 1n << 24n;
  const significand = (bits: number) => BigInt(unpack(bits).significand);
  return quantised({
    negative: sum < 0n,
    m: m * significand(a) * significand(b),
    n: significand(y),
    e: ratio - 23,
    error: exact ? 0 : REQUANTISED,
    flushed: false,
    dtype,
    zero,
  });
}

/** A scale: one for all, or one for each row, column or channel. */
function* factor(op: Operator, slot: number, channel: number): Generator<Need, number, Uint8Array> {
  return Number(yield* element(op, slot, placeOf(op, slot, channel)));
}

function* zeroPoint(op: Operator, slot: number, channel: number, dtype: DType): Generator<Need, bigint, Uint8Array> {
  if (!op.inputTypes[slot]) return 0n;
  return numberOf(yield* element(op, slot, placeOf(op, slot, channel)), dtype);
}

const placeOf = (op: Operator, slot: number, channel: number): number =>
  (inputType(op, slot).dims[0] ?? 1) === 1 ? 0 : channel;
