import type { NodeView } from '../node-view.ts';
import type { OperatorSpec } from './spec.ts';

function checkIndices(node: NodeView, slot: number): void {
  const { dtype } = node.shape(slot);
  if (dtype === 'int64' || dtype === 'int32') return;
  throw node.error('ONNX_UNSUPPORTED_TYPE', `its indices are ${dtype}`, 'Cast them to int64.');
}

const gather: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(2);
    const { dtype, dims } = node.shape(0);
    const indices = node.shape(1);
    const axis = node.axis(node.int('axis', 0), dims.length);
    const out = [...dims.slice(0, axis), ...indices.dims, ...dims.slice(axis + 1)];
    return { operands: [0, 1], attributes: [axis], output: { dtype, dims: out } };
  },
};

const gatherElements: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(2);
    checkIndices(node, 1);
    const { dtype, dims } = node.shape(0);
    const indices = node.shape(1).dims;
    const axis = node.axis(node.int('axis', 0), dims.length);
    if (indices.length !== dims.length || indices.some((d, i) => i !== axis && d > dims[i])) {
      throw node.malformed(`[${indices}] indices into [${dims}]`);
    }
    return { operands: [0, 1], attributes: [axis], output: { dtype, dims: indices } };
  },
};

const gatherND: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(2);
    checkIndices(node, 1);
    const { dtype, dims } = node.shape(0);
    const indices = node.shape(1).dims;
    const batch = node.int('batch_dims', 0);
    const last = indices.length - 1;
    const fits =
      batch >= 0 &&
      batch <= last &&
      batch + indices[last] <= dims.length &&
      dims.slice(0, batch).every((size, axis) => size === indices[axis]);
    if (!fits) throw node.malformed(`[${indices}] indices into [${dims}]`);
    const out = [...indices.slice(0, last), ...dims.slice(batch + indices[last])];
    return { operands: [0, 1], attributes: [batch], output: { dtype, dims: out } };
  },
};

const oneHot: OperatorSpec = {
  versions: [11],
  lower(node) {
    node.arity(3);
    checkIndices(node, 0);
    const [depth] = node.constantInts(1);
    const { dims } = node.shape(0);
    const { dtype, dims: pair } = node.shape(2);
    if (!(depth >= 1) || pair.join() !== '2') throw node.malformed(`depth ${depth}, values of [${pair}]`);
    const axis = node.axis(node.int('axis', -1), dims.length + 1);
    return { operands: [0, 2], attributes: [axis], output: { dtype, dims: dims.toSpliced(axis, 0, depth) } };
  },
};

/** Operators whose elements' places are said by indices. */
export const INDEXED: Readonly<Record<string, OperatorSpec>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  OneHot: oneHot,
};
