import type { OperatorSpec } from './spec.ts';
import { readWindow } from './window.ts';

const arg: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(1);
    const { dims } = node.shape(0);
    const axis = node.axis(node.int('axis', 0), dims.length);
    const keep = node.int('keepdims', 1) !== 0;
    const last = node.int('select_last_index', 0) !== 0;
    if (dims[axis] === 0) throw node.malformed(`axis ${axis} is empty`);
    return {
      operands: [0],
      attributes: [axis, keep ? 1 : 0, last ? 1 : 0],
      output: { dtype: 'int64', dims: keep ? dims.with(axis, 1) : dims.toSpliced(axis, 1) },
    };
  },
};

const maxPool: OperatorSpec = {
  versions: [12, 22],
  lower(node) {
    node.arity(1);
    const { dtype, dims } = node.shape(0);
    if (dims.length !== 4)
      throw node.error('ONNX_UNSUPPORTED_OPERATOR', `pools [${dims}]`, 'Pool in two dimensions; rewriteModel does so.');
    if (node.int('storage_order', 0) !== 0) throw node.unsupported('storage_order', 'is not row-major');
    const { kernel, strides, begin, dilations, output } = readWindow(node, dims.slice(2));
    return {
      operands: [0],
      attributes: [...kernel, ...strides, ...begin, ...dilations],
      output: { dtype, dims: [dims[0], dims[1], ...output] },
    };
  },
};

/** Operators that compare elements and choose one. */
export const ORDER: Readonly<Record<string, OperatorSpec>> = { ArgMax: arg, ArgMin: arg, MaxPool: maxPool };
