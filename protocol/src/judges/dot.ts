import type { DType, Operator } from '../program/types.ts';
import { broadcast, indexOf } from './coordinates.ts';
import { admitAxes, einsumRows, einsumTerms } from './dot-axes.ts';
import { dotFactors, longestChain } from './dot-chain.ts';
import { admitZeroPoints, convolveBytes, multiplyBytes } from './dot-integers.ts';
import { dotInterval, MAX_TERMS } from './dot-interval.ts';
import { admitGemm, admitMatmul, gemmRows, matmulRows, type Rows } from './dot-rows.ts';
import { admitTaps, mostTaps, type Taps, tapsAt } from './dot-taps.ts';
import { admitConvolution, type Window, window } from './dot-window.ts';
import { element, exactly, inputType } from './elements.ts';
import type { Judge, Need, Trial } from './judge.ts';
import { checkBroadcast, natural, refuse } from './refuse.ts';

interface Form {
  readonly versions: readonly number[];
  readonly integer: boolean;
  readonly convolution: boolean;
  /** Least and most operands. */
  readonly operands: readonly [number, number];
}

const FORMS: Readonly<Record<string, Form>> = {
  MatMul: { versions: [1, 9, 13], integer: false, convolution: false, operands: [2, 2] },
  Gemm: { versions: [7, 9, 11, 13], integer: false, convolution: false, operands: [2, 3] },
  Einsum: { versions: [12], integer: false, convolution: false, operands: [2, 2] },
  ConvTranspose: { versions: [11, 22], integer: false, convolution: false, operands: [2, 3] },
  Conv: { versions: [1, 11, 22], integer: false, convolution: true, operands: [2, 3] },
  MatMulInteger: { versions: [10], integer: true, convolution: false, operands: [2, 4] },
  ConvInteger: { versions: [10], integer: true, convolution: true, operands: [2, 4] },
};

const ONE = 0x3f800000;

/** Dot products: float32 within the kernel contract's interval, bytes of one signedness exactly. */
export const dotJudge: Judge = {
  contract: 'DotJudge',
  absorbs: true,
  versions: Object.fromEntries(Object.entries(FORMS).map(([name, { versions }]) => [name, versions])),

  admit(op) {
    const form = FORMS[op.name];
    if (!form?.versions.includes(op.since)) refuse(op, 'no dot judge knows this operator version');
    if (op.outputTypes.length !== 1) refuse(op, 'it must have one output');
    const [least, most] = form.operands;
    if (op.inputs.length < least || op.inputs.length > most) refuse(op, `it has ${op.inputs.length} operands`);
    if (!op.inputTypes[0] || !op.inputTypes[1]) refuse(op, 'an operand is missing');
    admitTypes(op, form);
    if (form.convolution) admitConvolution(op);
    else if (op.name === 'ConvTranspose') admitTaps(op);
    else if (op.name === 'Einsum') admitAxes(op);
    else if (op.name === 'Gemm') admitGemm(op);
    else admitMatmul(op);
    if (dotTerms(op) > MAX_TERMS) refuse(op, `${dotTerms(op)} terms are more than ${MAX_TERMS}`);
    if (form.integer) admitZeroPoints(op, form.convolution);
    else if (op.inputTypes[2]) admitBias(op, op.inputTypes[2].dims);
  },

  try(op, _numerics, _output, index): Trial {
    const { integer, convolution } = FORMS[op.name];
    if (convolution) return integer ? whole(convolveBytes(op, window(op, index))) : convolve(op, window(op, index));
    if (integer) return whole(multiplyBytes(op, matmulRows(op, index)));
    if (op.name === 'ConvTranspose') return transposed(op, tapsAt(op, index));
    if (op.name === 'Einsum') return multiply(op, einsumRows(op, index));
    return multiply(op, op.name === 'Gemm' ? gemmRows(op, index) : matmulRows(op, index));
  },

  worst(op) {
    const { integer, convolution } = FORMS[op.name];
    const n = dotTerms(op);
    const extras = op.inputTypes.slice(2).filter((type) => type !== null).length;
    const [, , kh, kw] = inputType(op, 1).dims;
    const ranges = op.name === 'ConvTranspose' ? 2 * kh * kw + extras : convolution ? kh * kw + 1 + extras : 2 + extras;
    const bytes = 2 * n * (integer ? 1 : 4) + ranges * 9 + extras * (integer ? 1 : 4);
    // the dearest operands are infinite; both are copied into one memory
    const words = (2 * n * (integer ? 1 : 4)) / 32;
    const gas = 30_000 + ranges * 1_200 + Math.ceil(n * (integer ? 16 : 560) + words * 6 + words ** 2 / 512);
    return { bytes, gas };
  },
};

/** Products that an element adds up, with the bias. */
export function dotTerms(op: Operator): number {
  const [a, b] = [inputType(op, 0).dims, inputType(op, 1).dims];
  const bias = op.inputTypes[2] && !FORMS[op.name].integer ? 1 : 0;
  if (FORMS[op.name].convolution) return b[1] * b[2] * b[3] + bias;
  if (op.name === 'Gemm') return gemmRows(op, 0).terms + bias;
  if (op.name === 'ConvTranspose') return mostTaps(op) * (a[1] / natural(op, 6)) + bias;
  if (op.name === 'Einsum') return einsumTerms(op);
  return a.at(-1)!;
}

function admitTypes(op: Operator, form: Form): void {
  const [a, b] = [inputType(op, 0).dtype, inputType(op, 1).dtype];
  const taken: readonly DType[] = form.integer ? ['int8', 'uint8'] : ['float32'];
  if (a !== b || !taken.includes(a))
    refuse(op, `its operands are ${a} and ${b}; both must be ${taken.join(' or both ')}`);
  const result = form.integer ? 'int32' : 'float32';
  if (op.outputTypes[0].dtype !== result) refuse(op, `its output is ${op.outputTypes[0].dtype}, not ${result}`);
  for (const type of op.inputTypes.slice(2)) {
    if (type && type.dtype !== a) refuse(op, `an operand is ${type.dtype}, not ${a}`);
  }
}

function admitBias(op: Operator, dims: readonly number[]): void {
  if (op.name === 'Gemm') checkBroadcast(op, inputType(op, 2), op.outputTypes[0]);
  else if (dims.length !== 1 || dims[0] !== op.outputTypes[0].dims[1]) refuse(op, `a bias of [${dims}] does not fit`);
}

function* multiply(op: Operator, rows: Rows): Trial {
  const bias = op.inputTypes[2];
  const n = rows.terms;
  const [a, b] = [new Uint32Array(n + (bias ? 1 : 0)), new Uint32Array(n + (bias ? 1 : 0))];
  yield* fetch(a, 0, { slot: 0, offset: rows.a * n * 4, length: n * 4 });
  yield* fetch(b, 0, { slot: 1, offset: rows.b * n * 4, length: n * 4 });
  if (bias) {
    a[n] = Number(yield* element(op, 2, indexOf(bias, broadcast(bias, rows.here))));
    b[n] = ONE;
  }
  return dotInterval(a, b, dotFactors(a.length, longestChain(op)));
}

function* convolve(op: Operator, window: Window): Trial {
  const n = window.terms;
  const bias = op.inputTypes[2] ? 1 : 0;
  const [a, b] = [new Uint32Array(n + bias), new Uint32Array(n + bias)];
  for (const run of window.runs) {
    yield* fetch(a, run.filter, { slot: 0, offset: run.image * 4, length: run.length * 4 });
  }
  yield* fetch(b, 0, { slot: 1, offset: window.filter * n * 4, length: n * 4 });
  if (bias) {
    a[n] = Number(yield* element(op, 2, window.filter));
    b[n] = ONE;
  }
  return dotInterval(a, b, dotFactors(a.length, longestChain(op)), window.clipped);
}

function* transposed(op: Operator, taps: Taps): Trial {
  const { filters, images, depth, output } = taps;
  const n = filters.length * depth;
  const bias = op.inputTypes[2] ? 1 : 0;
  const [a, b] = [new Uint32Array(n + bias), new Uint32Array(n + bias)];
  for (let i = images.length - 1; i >= 0; i--) {
    yield* fetch(a, i * depth, { slot: 0, offset: images[i] * 4, length: depth * 4 });
  }
  for (const [i, run] of filters.entries()) {
    yield* fetch(b, i * depth, { slot: 1, offset: run * 4, length: depth * 4 });
  }
  if (bias) {
    a[n] = Number(yield* element(op, 2, output));
    b[n] = ONE;
  }
  return dotInterval(a, b, dotFactors(a.length, longestChain(op)));
}

function* whole(dot: Generator<Need, bigint, Uint8Array>): Trial {
  return exactly(BigInt.asUintN(32, yield* dot), 'int32');
}

/** Copies float32 evidence into `words` from place `at` on; both are little-endian. */
function* fetch(words: Uint32Array, at: number, need: Need): Generator<Need, void, Uint8Array> {
  new Uint8Array(words.buffer).set(yield need, at * 4);
}
