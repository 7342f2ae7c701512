import type { NodeView } from '../node-view.ts';
import type { DType } from '../types.ts';
import { convolution, equalSigns, product } from './dot.ts';
import type { Lowered, OperatorSpec } from './spec.ts';

const SCALAR = (dims: readonly number[]): boolean => dims.length === 0 || (dims.length === 1 && dims[0] === 1);

/** The axis of scales, which are one for all or one for each place of it. */
function axisOf(node: NodeView): number {
  const { dims } = node.shape(0);
  const scale = node.shape(1).dims;
  const given = node.int('axis', 1);
  if (SCALAR(scale)) return 0;
  const axis = node.axis(given, dims.length);
  if (scale.length !== 1 || scale[0] !== dims[axis]) throw node.malformed(`scales of [${scale}] for [${dims}]`);
  return axis;
}

function linear(node: NodeView): number {
  node.arity(2, 3);
  if (node.int('block_size', 0) !== 0) throw node.unsupported('block_size', 'cuts an axis into blocks');
  const axis = axisOf(node);
  const fits = !node.has(2) || node.shape(2).dims.join() === node.shape(1).dims.join();
  if (!fits) throw node.malformed(`zero points of [${node.shape(2).dims}] for scales of [${node.shape(1).dims}]`);
  if (node.shape(1).dtype !== 'float32') {
    throw node.error('ONNX_UNSUPPORTED_TYPE', `its scale is ${node.shape(1).dtype}`, 'Quantise from and to float32.');
  }
  return axis;
}

const quantizeLinear: OperatorSpec = {
  versions: [13, 19, 21],
  lower(node) {
    const axis = linear(node);
    node.int('saturate', 1);
    if (node.int('output_dtype', 0) !== 0) throw node.unsupported('output_dtype', 'is set; give a zero point instead');
    const dtype: DType = node.has(2) ? node.shape(2).dtype : 'uint8';
    return { operands: node.all(), attributes: [axis], output: { dtype, dims: node.shape(0).dims } };
  },
};

const dequantizeLinear: OperatorSpec = {
  versions: [13, 19, 21],
  lower(node) {
    const axis = linear(node);
    const whole = node.shape(0).dtype === 'int32';
    // of int32 the zero point is 0
    const zero = whole && node.has(2) ? node.constant(2)?.bytes.every((byte) => byte === 0) : true;
    if (!zero) throw node.malformed('a zero point of int32 is not 0');
    const operands = whole ? [0, 1] : node.all();
    return { operands, attributes: [axis], output: { dtype: 'float32', dims: node.shape(0).dims } };
  },
};

/** The scale and the zero point are reductions of the whole operand; with them it is quantised as by QuantizeLinear. */
const dynamicQuantizeLinear: OperatorSpec = {
  versions: [11],
  lower(node): Lowered[] {
    node.arity(1);
    if (node.results < 3) throw node.malformed('its outputs need names');
    const { dims } = node.shape(0);
    return [
      { operands: [0], attributes: [1], output: { dtype: 'float32', dims: [] }, result: 1 },
      { operands: [0, { output: 1 }], attributes: [2], output: { dtype: 'uint8', dims: [] }, result: 2 },
      {
        as: { name: 'QuantizeLinear', since: 13 },
        operands: [0, { output: 1 }, { output: 2 }],
        attributes: [0],
        output: { dtype: 'uint8', dims },
      },
    ];
  },
};

/** ONNX's operands x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero, bias, with the dot product's first. */
const ORDER = [0, 3, 2, 5, 1, 4, 6, 7, 8];

function requantised(node: NodeView, layouts: readonly (number | undefined)[]): Omit<Lowered, 'output'> {
  const operands = ORDER.slice(0, node.has(8) ? 9 : 8);
  for (const i of [1, 4, 6]) if (node.shape(i).dtype !== 'float32') throw node.malformed(`scale ${i} is no float32`);
  return { operands, attributes: [], layouts: operands.map((_, slot) => layouts[slot] ?? 0) };
}

const qLinearMatMul: OperatorSpec = {
  versions: [10, 21],
  lower(node) {
    node.arity(8);
    equalSigns(node, 3);
    const { dims, layouts } = product(node, 3);
    return { ...requantised(node, layouts), output: { dtype: node.shape(7).dtype, dims } };
  },
};

const qLinearConv: OperatorSpec = {
  versions: [10],
  lower(node) {
    node.arity(8, 9);
    equalSigns(node, 3);
    const { dims, attributes, layouts } = convolution(node, 3);
    return { ...requantised(node, layouts ?? []), attributes, output: { dtype: node.shape(7).dtype, dims } };
  },
};

/** Between floats and the integers that stand for them. */
export const QUANTISE: Readonly<Record<string, OperatorSpec>> = {
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
  QLinearMatMul: qLinearMatMul,
  QLinearConv: qLinearConv,
};
