import { reducedDims, reducedLayout } from '../../judges/reduction.ts';
import type { NodeView } from '../node-view.ts';
import type { Lowered, OperatorSpec } from './spec.ts';

/** Bit i: axis i is reduced. */
function maskOf(node: NodeView, axesAsInput: boolean): number {
  const rank = node.shape(0).dims.length;
  const given = axesAsInput ? (node.has(1) ? node.constantInts(1) : []) : (node.ints('axes') ?? []);
  const noop = axesAsInput && node.int('noop_with_empty_axes', 0) !== 0;
  const axes = given.length > 0 || noop ? given : Array.from({ length: rank }, (_, axis) => axis);
  const positive = axes.map((axis) => node.axis(axis, rank));
  if (new Set(positive).size !== positive.length) throw node.malformed(`axes ${axes} repeat`);
  return positive.reduce((mask, axis) => mask | (1 << axis), 0);
}

/** Operand 0 reduced over the masked axes; over none it stays what it is. */
function reduced(node: NodeView, mask: number, keepdims: boolean, as?: Lowered['as']): Lowered {
  const { dtype, dims } = node.shape(0);
  if (mask === 0)
    return { as: { name: 'Identity', since: 13 }, operands: [0], attributes: [], output: { dtype, dims } };
  if (dims.some((size, axis) => (mask >> axis) & 1 && size === 0)) throw node.malformed(`reduces nothing of [${dims}]`);
  return {
    as,
    operands: [0],
    attributes: [mask, keepdims ? 1 : 0],
    output: { dtype, dims: reducedDims(dims, mask, keepdims) },
    layouts: [reducedLayout(dims.length, mask)],
  };
}

/** A reduction whose axes are an input from version `inputSince` on. */
const reduce = (versions: number[], inputSince: number): OperatorSpec => ({
  versions,
  lower(node) {
    const asInput = node.since >= inputSince;
    node.arity(1, asInput ? 2 : 1);
    const mask = maskOf(node, asInput);
    return reduced(node, mask, node.int('keepdims', 1) !== 0);
  },
});

/** A pool of whole images is a reduction of all their axes. */
const globalPool = (name: string): OperatorSpec => ({
  versions: [1, 22],
  lower(node) {
    node.arity(1);
    const { dims } = node.shape(0);
    if (dims.length < 3) throw node.malformed(`pools [${dims}]`);
    return reduced(node, 2 ** dims.length - 4, true, { name, since: 13 });
  },
});

const cumSum: OperatorSpec = {
  versions: [11, 14],
  lower(node) {
    node.arity(2);
    const { dims } = node.shape(0);
    const [given, ...more] = node.constantInts(1);
    if (given === undefined || more.length > 0) throw node.malformed('its axis is not one number');
    const axis = node.axis(given, dims.length);
    const flags = [node.int('exclusive', 0), node.int('reverse', 0)].map((flag) => (flag !== 0 ? 1 : 0));
    return {
      operands: [0],
      attributes: [axis, ...flags],
      output: node.shape(0),
      layouts: [reducedLayout(dims.length, 1 << axis)],
    };
  },
};

const topK: OperatorSpec = {
  versions: [11],
  lower(node) {
    node.arity(2);
    const { dtype, dims } = node.shape(0);
    const axis = node.axis(node.int('axis', -1), dims.length);
    const [k] = node.constantInts(1);
    if (!(k >= 0 && k <= dims[axis])) throw node.malformed(`the ${k} first of ${dims[axis]}`);
    if (node.int('sorted', 1) === 0) throw node.unsupported('sorted', 'is 0, which leaves the order open');
    const largest = node.int('largest', 1) !== 0 ? 1 : 0;
    const out = dims.with(axis, k);
    const layouts = [reducedLayout(dims.length, 1 << axis)];
    return [
      { operands: [0], attributes: [axis, largest, 0], output: { dtype, dims: out }, layouts },
      { operands: [0], attributes: [axis, largest, 1], output: { dtype: 'int64', dims: out }, layouts, result: 1 },
    ];
  },
};

/** Operators that make one element of a row, or one for each of its places. */
export const REDUCE: Readonly<Record<string, OperatorSpec>> = {
  ReduceMax: reduce([13, 18, 20], 18),
  ReduceMin: reduce([13, 18, 20], 18),
  ReduceSum: reduce([13], 13),
  ReduceMean: reduce([13, 18], 18),
  GlobalMaxPool: globalPool('ReduceMax'),
  GlobalAveragePool: globalPool('ReduceMean'),
  CumSum: cumSum,
  TopK: topK,
};
