import { layoutOf } from '../../commitments/type.ts';
import { FILTERS_FIRST } from '../../judges/dot-taps.ts';
import { CHANNELS_LAST } from '../../judges/dot-window.ts';
import type { NodeView } from '../node-view.ts';
import { broadcast } from './broadcast.ts';
import { einsum } from './einsum.ts';
import { floatBits } from './elementwise.ts';
import type { Lowered, OperatorSpec } from './spec.ts';
import { readWindow } from './window.ts';

const COLUMNS = 0x01;

/** The last two axes swapped. */
const columns = (rank: number): number =>
  rank < 2 ? 0 : layoutOf([...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2]);

/** Integer kernels of mixed signedness saturate on some processors, so their sums are not defined. */
export function equalSigns(node: NodeView, second = 1): void {
  const [a, b] = [node.shape(0).dtype, node.shape(second).dtype];
  if (a !== 'int8' && a !== 'uint8') throw node.malformed(`operand 0 is ${a}`);
  if (a === b) return;
  throw node.error(
    'ONNX_MIXED_SIGN_PRODUCT',
    `multiplies ${a} by ${b}`,
    'Quantise both operands to int8, or both to uint8; some processors saturate mixed products.',
  );
}

function zeroPoints(node: NodeView, sizes: readonly (readonly number[])[]): void {
  for (const slot of [2, 3]) {
    if (!node.has(slot)) continue;
    const { dtype, dims } = node.shape(slot);
    if (dtype !== node.shape(slot - 2).dtype) throw node.malformed(`zero point ${slot} is ${dtype}`);
    const count = dims.reduce((a, b) => a * b, 1);
    if (dims.length > 1 || !sizes[slot - 2].includes(count)) throw node.malformed(`zero point ${slot} is [${dims}]`);
  }
}

/** The product of operand 0 and operand `second`: its dimensions, and how both must lie. */
export function product(
  node: NodeView,
  second = 1,
): { dims: number[]; rows: number; columns: number; layouts: [number, number] } {
  const a = node.shape(0).dims;
  const b = node.shape(second).dims;
  if (a.length === 0 || b.length === 0) throw node.malformed('multiplies a scalar');
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const [rows, depth] = left.slice(-2);
  const [depth2, width] = right.slice(-2);
  if (depth !== depth2) throw node.malformed(`[${a}] times [${b}]`);
  const batch = broadcast(node, left.slice(0, -2), right.slice(0, -2));
  const dims = [...batch, ...(a.length === 1 ? [] : [rows]), ...(b.length === 1 ? [] : [width])];
  return { dims, rows, columns: width, layouts: [0, columns(b.length)] };
}

const matMul: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(2);
    const { dtype } = node.shape(0);
    if (dtype !== node.shape(1).dtype) throw node.malformed(`multiplies ${dtype} by ${node.shape(1).dtype}`);
    const { dims, layouts } = product(node);
    return { operands: [0, 1], attributes: [], output: { dtype, dims }, layouts };
  },
};

const matMulInteger: OperatorSpec = {
  versions: [10],
  lower(node) {
    node.arity(2, 4);
    equalSigns(node);
    const result = product(node);
    zeroPoints(node, [
      [1, result.rows],
      [1, result.columns],
    ]);
    const operands = node.all();
    return {
      operands,
      attributes: [],
      output: { dtype: 'int32', dims: result.dims },
      layouts: [...result.layouts, 0, 0].slice(0, operands.length),
    };
  },
};

const gemm: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(2, 3);
    const [a, b] = [node.shape(0), node.shape(1)];
    const transA = node.int('transA', 0) !== 0;
    const transB = node.int('transB', 0) !== 0;
    if (a.dims.length !== 2 || b.dims.length !== 2) throw node.malformed(`multiplies [${a.dims}] by [${b.dims}]`);
    const [rows, depth] = transA ? a.dims.toReversed() : a.dims;
    const [depth2, width] = transB ? b.dims.toReversed() : b.dims;
    if (depth !== depth2 || a.dtype !== b.dtype) throw node.malformed(`multiplies [${a.dims}] by [${b.dims}]`);
    const dims = [rows, width];
    const operands = node.all();
    if (node.has(2)) {
      const c = node.shape(2);
      const fits = c.dtype === a.dtype && broadcast(node, dims, c.dims).join() === dims.join();
      if (!fits) throw node.malformed(`adds ${c.dtype}[${c.dims}] to ${a.dtype}[${dims}]`);
    }
    const alpha = floatBits(node.float('alpha', 1));
    const beta = floatBits(node.float('beta', 1));
    return {
      operands,
      attributes: [transA ? 1 : 0, transB ? 1 : 0, alpha, beta],
      output: { dtype: a.dtype, dims },
      layouts: [transA ? COLUMNS : 0, transB ? 0 : COLUMNS, 0].slice(0, operands.length),
    };
  },
};

/** The convolution of operand 0 with operand `second`. */
export function convolution(node: NodeView, second = 1): Omit<Lowered, 'output'> & { dims: number[] } {
  const [x, w] = [node.shape(0).dims, node.shape(second).dims];
  if (x.length !== 4 || w.length !== 4) {
    throw node.error(
      'ONNX_UNSUPPORTED_OPERATOR',
      `convolves [${x}] with [${w}]`,
      'Convolve in two dimensions; rewriteModel does so.',
    );
  }
  const group = node.int('group', 1);
  if (group < 1 || w[1] * group !== x[1] || w[0] % group !== 0) throw node.malformed(`${x[1]} channels, filter [${w}]`);
  const window = readWindow(node, x.slice(2), w.slice(2));
  if (window.kernel.join() !== w.slice(2).join()) throw node.malformed(`kernel_shape is not that of [${w}]`);
  const operands = node.all();
  return {
    operands,
    attributes: [...window.strides, ...window.begin, ...window.dilations, group],
    dims: [x[0], w[0], ...window.output],
    layouts: [CHANNELS_LAST, CHANNELS_LAST, 0, 0].slice(0, operands.length),
  };
}

const conv: OperatorSpec = {
  versions: [11, 22],
  lower(node) {
    node.arity(2, 3);
    const { dtype } = node.shape(0);
    const { dims, ...lowered } = convolution(node);
    if (dtype !== node.shape(1).dtype) throw node.malformed(`convolves ${dtype} with ${node.shape(1).dtype}`);
    if (node.has(2) && (node.shape(2).dtype !== dtype || node.shape(2).dims.join() !== `${dims[1]}`)) {
      throw node.malformed(`its bias is [${node.shape(2).dims}]`);
    }
    return { ...lowered, output: { dtype, dims } };
  },
};

/** What a ConvTranspose cuts off its `full` result: as its pads say, or so much that its output shape is left. */
function transposedPads(node: NodeView, full: readonly number[], strides: readonly number[]): number[] {
  const auto = node.text('auto_pad', 'NOTSET');
  if (!['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'].includes(auto)) throw node.unsupported('auto_pad', `is ${auto}`);
  const pads = node.ints('pads') ?? [0, 0, 0, 0];
  const { dims } = node.shape(0);
  const same = auto.startsWith('SAME') ? strides.map((stride, i) => stride * dims[2 + i]) : undefined;
  const wanted = node.ints('output_shape')?.slice(-2) ?? same;
  if (!wanted) return auto === 'VALID' ? [0, 0, 0, 0] : pads;
  const total = full.map((size, i) => size - wanted[i]);
  if (full.some((size, i) => size < wanted[i]))
    throw node.unsupported('output_shape', `[${wanted}] is larger than its result`);
  const less = total.map((n) => Math.floor(n / 2));
  const more = total.map((n) => Math.ceil(n / 2));
  return auto === 'SAME_UPPER' ? [...less, ...more] : [...more, ...less];
}

const convTranspose: OperatorSpec = {
  versions: [11, 22],
  lower(node) {
    node.arity(2, 3);
    const [x, w] = [node.shape(0), node.shape(1)];
    const group = node.int('group', 1);
    if (x.dims.length !== 4 || w.dims.length !== 4) {
      throw node.error(
        'ONNX_UNSUPPORTED_OPERATOR',
        `convolves [${x.dims}]`,
        'Convolve in two dimensions; rewriteModel does so.',
      );
    }
    if (x.dtype !== w.dtype || x.dims[1] !== w.dims[0] || group < 1 || x.dims[1] % group !== 0) {
      throw node.malformed(`${x.dims[1]} channels, filter [${w.dims}]`);
    }
    const kernel = w.dims.slice(2);
    if (`${node.ints('kernel_shape') ?? kernel}` !== `${kernel}`)
      throw node.malformed('kernel_shape is not its filter’s');
    const strides = node.ints('strides') ?? [1, 1];
    const dilations = node.ints('dilations') ?? [1, 1];
    const extra = node.ints('output_padding') ?? [0, 0];
    const full = [0, 1].map((i) => strides[i] * (x.dims[2 + i] - 1) + extra[i] + (kernel[i] - 1) * dilations[i] + 1);
    const pads = transposedPads(node, full, strides);
    if ([...strides, ...dilations].some((n) => n < 1) || [...pads, ...extra].some((n) => n < 0)) {
      throw node.malformed('a stride, dilation or padding is out of range');
    }
    const spatial = full.map((size, i) => size - pads[i] - pads[i + 2]);
    if (spatial.some((n) => n < 1)) throw node.malformed('nothing is left between its pads');
    const dims = [x.dims[0], w.dims[1] * group, ...spatial];
    if (node.has(2) && (node.shape(2).dtype !== x.dtype || node.shape(2).dims.join() !== `${dims[1]}`)) {
      throw node.malformed(`its bias is [${node.shape(2).dims}]`);
    }
    const operands = node.all();
    return {
      operands,
      attributes: [...strides, ...pads.slice(0, 2), ...dilations, group],
      output: { dtype: x.dtype, dims },
      layouts: [CHANNELS_LAST, FILTERS_FIRST, 0].slice(0, operands.length),
    };
  },
};

const convInteger: OperatorSpec = {
  versions: [10],
  lower(node) {
    node.arity(2, 4);
    equalSigns(node);
    const { dims, ...lowered } = convolution(node);
    zeroPoints(node, [[1], [1, dims[1]]]);
    return { ...lowered, output: { dtype: 'int32', dims } };
  },
};

/** Sums of products. */
export const DOT: Readonly<Record<string, OperatorSpec>> = {
  MatMul: matMul,
  MatMulInteger: matMulInteger,
  Gemm: gemm,
  Conv: conv,
  ConvInteger: convInteger,
  ConvTranspose: convTranspose,
  Einsum: einsum,
};
