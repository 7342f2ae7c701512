import { layoutOf } from '../../commitments/type.ts';
import type { NodeView } from '../node-view.ts';
import { broadcast } from './broadcast.ts';
import { floatBits } from './elementwise.ts';
import type { OperatorSpec } from './spec.ts';

const ROW_MAJOR = 0;

function floats(node: NodeView): void {
  for (const i of node.all()) {
    if (node.has(i) && node.shape(i).dtype !== 'float32') {
      throw node.malformed(`operand ${i} is ${node.shape(i).dtype}, not float32`);
    }
  }
}

const epsilon = (node: NodeView): number => floatBits(node.float('epsilon', 1e-5));

/** A row must lie in one piece, so the axis is innermost. */
const softmax: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(1);
    floats(node);
    const output = node.shape(0);
    const axes = [...output.dims.keys()];
    const axis = node.axis(node.int('axis', -1), axes.length);
    const order = [...axes.filter((other) => other !== axis), axis];
    return { operands: [0], attributes: [axis], output, layouts: [layoutOf(order)] };
  },
};

const layerNormalization: OperatorSpec = {
  versions: [17],
  lower(node) {
    node.arity(2, 3);
    floats(node);
    if (node.int('stash_type', 1) !== 1) throw node.unsupported('stash_type', 'is not float32');
    const output = node.shape(0);
    const axis = node.axis(node.int('axis', -1), output.dims.length);
    const operands = node.all();
    for (const i of operands.slice(1)) {
      const { dims } = node.shape(i);
      if (broadcast(node, output.dims, dims).join() !== output.dims.join() || dims.length > output.dims.length) {
        throw node.malformed(`operand ${i} is [${dims}]`);
      }
    }
    return { operands, attributes: [axis, epsilon(node)], output, layouts: [ROW_MAJOR] };
  },
};

const rmsNormalization: OperatorSpec = {
  versions: [23],
  lower(node) {
    node.arity(2);
    return layerNormalization.lower(node);
  },
};

function channels(node: NodeView): number {
  floats(node);
  const { dims } = node.shape(0);
  if (dims.length < 3) throw node.malformed(`its operand is [${dims}]`);
  for (const i of node.all().slice(1)) {
    if (node.shape(i).dims.join() !== `${dims[1]}`) throw node.malformed(`operand ${i} is [${node.shape(i).dims}]`);
  }
  return dims[1];
}

const instanceNormalization: OperatorSpec = {
  versions: [6, 22],
  lower(node) {
    node.arity(3);
    channels(node);
    return { operands: [0, 1, 2], attributes: [epsilon(node)], output: node.shape(0), layouts: [ROW_MAJOR] };
  },
};

const groupNormalization: OperatorSpec = {
  versions: [21],
  lower(node) {
    node.arity(3);
    const groups = node.int('num_groups', 0);
    if (groups < 1 || channels(node) % groups !== 0) throw node.malformed(`num_groups is ${groups}`);
    if (node.int('stash_type', 1) !== 1) throw node.unsupported('stash_type', 'is not float32');
    return { operands: [0, 1, 2], attributes: [epsilon(node), groups], output: node.shape(0), layouts: [ROW_MAJOR] };
  },
};

const batchNormalization: OperatorSpec = {
  versions: [9, 14, 15],
  lower(node) {
    node.arity(5);
    if (node.int('training_mode', 0) !== 0) throw node.unsupported('training_mode', 'is set');
    node.float('momentum', 0.9);
    if (node.shape(0).dims.length > 2) channels(node);
    else floats(node);
    return { operands: [0, 1, 2, 3, 4], attributes: [epsilon(node)], output: node.shape(0) };
  },
};

/** Softmax and normalisations. */
export const NORMALIZATION: Readonly<Record<string, OperatorSpec>> = {
  Softmax: softmax,
  LogSoftmax: softmax,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  BatchNormalization: batchNormalization,
};
