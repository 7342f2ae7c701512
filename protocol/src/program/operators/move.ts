import type { NodeView } from '../node-view.ts';
import { broadcast } from './broadcast.ts';
import { INDEXED } from './indexed.ts';
import { PLACED } from './placed.ts';
import type { Lowered, OperatorSpec } from './spec.ts';

const product = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** Operand 0 with other dimensions. */
const reshaped = (node: NodeView, dims: readonly number[]): Lowered => {
  const from = node.shape(0);
  if (product(dims) !== product(from.dims)) throw node.malformed(`[${from.dims}] cannot become [${dims}]`);
  return { operands: [0], attributes: [], output: { dtype: from.dtype, dims } };
};

/** Distinct non-negative axes. */
const axesOf = (node: NodeView, axes: readonly number[], rank: number): number[] => {
  const positive = axes.map((axis) => node.axis(axis, rank));
  if (new Set(positive).size !== positive.length) throw node.malformed(`axes ${axes} repeat`);
  return positive;
};

const identity: OperatorSpec = {
  versions: [13, 14, 16, 19, 21],
  lower(node) {
    node.arity(1);
    return reshaped(node, node.shape(0).dims);
  },
};

const reshape: OperatorSpec = {
  versions: [13, 14, 19, 21],
  lower(node) {
    node.arity(2);
    const from = node.shape(0).dims;
    const allowZero = node.since >= 14 && node.int('allowzero', 0) !== 0;
    const wanted = node.constantInts(1);
    const dims = wanted.map((d, i) => {
      if (d !== 0 || allowZero) return d;
      if (i >= from.length) throw node.malformed(`copies dimension ${i} of [${from}]`);
      return from[i];
    });
    const free = dims.indexOf(-1);
    if (dims.some((d, i) => d < -1 || (d === -1 && i !== free))) throw node.malformed(`shape [${wanted}]`);
    if (free >= 0) {
      const others = product(dims.toSpliced(free, 1));
      if (others === 0 || product(from) % others !== 0) throw node.malformed(`[${from}] cannot become [${wanted}]`);
      dims[free] = product(from) / others;
    }
    return reshaped(node, dims);
  },
};

const flatten: OperatorSpec = {
  versions: [13, 21],
  lower(node) {
    node.arity(1);
    const { dims } = node.shape(0);
    const given = node.int('axis', 1);
    const axis = given < 0 ? given + dims.length : given;
    if (axis < 0 || axis > dims.length) throw node.malformed(`axis ${given} of ${dims.length}`);
    return reshaped(node, [product(dims.slice(0, axis)), product(dims.slice(axis))]);
  },
};

const squeeze: OperatorSpec = {
  versions: [13, 21],
  lower(node) {
    node.arity(1, 2);
    const { dims } = node.shape(0);
    const ones = dims.flatMap((d, i) => (d === 1 ? [i] : []));
    const axes = node.has(1) ? axesOf(node, node.constantInts(1), dims.length) : ones;
    if (axes.some((axis) => dims[axis] !== 1)) throw node.malformed(`cannot squeeze axes ${axes} of [${dims}]`);
    return reshaped(
      node,
      dims.filter((_, i) => !axes.includes(i)),
    );
  },
};

const unsqueeze: OperatorSpec = {
  versions: [13, 21],
  lower(node) {
    node.arity(2);
    const { dims } = node.shape(0);
    const given = node.constantInts(1);
    const axes = axesOf(node, given, dims.length + given.length);
    const rest = [...dims];
    return reshaped(
      node,
      Array.from({ length: dims.length + axes.length }, (_, i) => (axes.includes(i) ? 1 : rest.shift()!)),
    );
  },
};

const expand: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(2);
    const { dtype, dims } = node.shape(0);
    const wanted = node.constantInts(1);
    if (wanted.some((d) => d < 0)) throw node.malformed(`shape [${wanted}]`);
    return { operands: [0], attributes: [], output: { dtype, dims: broadcast(node, dims, wanted) } };
  },
};

const transpose: OperatorSpec = {
  versions: [13, 21],
  lower(node) {
    node.arity(1);
    const { dtype, dims } = node.shape(0);
    const given = node.ints('perm') ?? dims.map((_, i) => dims.length - 1 - i);
    const perm = axesOf(node, given, dims.length);
    if (perm.length !== dims.length) throw node.malformed(`perm ${given} of [${dims}]`);
    return { operands: [0], attributes: perm, output: { dtype, dims: perm.map((axis) => dims[axis]) } };
  },
};

const concat: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(Math.max(1, node.count), 127);
    const shapes = node.all().map((i) => node.shape(i));
    const [first] = shapes;
    const axis = node.axis(node.int('axis', Number.NaN), first.dims.length);
    const fits = shapes.every(
      ({ dtype, dims }) =>
        dtype === first.dtype &&
        dims.length === first.dims.length &&
        dims.every((d, i) => i === axis || d === first.dims[i]),
    );
    if (!fits) throw node.malformed(`cannot join ${shapes.map((s) => `${s.dtype}[${s.dims}]`).join(', ')}`);
    const size = shapes.reduce((sum, { dims }) => sum + dims[axis], 0);
    return {
      operands: node.all(),
      attributes: [axis],
      output: { dtype: first.dtype, dims: first.dims.with(axis, size) },
    };
  },
};

const slice: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(3, 5);
    const { dtype, dims } = node.shape(0);
    const starts = node.constantInts(1);
    const ends = node.constantInts(2);
    const axes = axesOf(node, node.has(3) ? node.constantInts(3) : starts.map((_, i) => i), dims.length);
    const steps = node.has(4) ? node.constantInts(4) : starts.map(() => 1);
    if ([ends, axes, steps].some((list) => list.length !== starts.length)) throw node.malformed('its lists differ');
    const from = dims.map(() => 0);
    const by = dims.map(() => 1);
    const out = [...dims];
    axes.forEach((axis, i) => {
      const size = dims[axis];
      const step = steps[i];
      if (step === 0) throw node.malformed('a step is 0');
      const clamp = (n: number, low: number, high: number) => Math.min(Math.max(n < 0 ? n + size : n, low), high);
      const start = step > 0 ? clamp(starts[i], 0, size) : clamp(starts[i], 0, size - 1);
      const end = step > 0 ? clamp(ends[i], 0, size) : clamp(ends[i], -1, size - 1);
      out[axis] = Math.max(0, Math.ceil((end - start) / step));
      from[axis] = out[axis] === 0 ? 0 : start;
      by[axis] = step;
    });
    return { operands: [0], attributes: [...from, ...by], output: { dtype, dims: out } };
  },
};

/** Operators that move elements and change none. */
export const MOVE: Readonly<Record<string, OperatorSpec>> = {
  Identity: identity,
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Expand: expand,
  Transpose: transpose,
  Concat: concat,
  Slice: slice,
  ...INDEXED,
  ...PLACED,
};
