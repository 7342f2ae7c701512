import type { OnnxTensor } from '../../onnx/model.ts';
import type { NodeView } from '../node-view.ts';
import type { DType } from '../types.ts';
import { broadcast } from './broadcast.ts';

/** Integers or truth values that a model computes of shapes, row-major. */
interface Whole {
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly values: readonly bigint[];
}
type Fold = (node: NodeView, operands: readonly Whole[]) => Whole | undefined;

/** More elements than this are data, and no shape. */
const LARGEST = 4096;
const WIDTHS: Partial<Record<DType, 1 | 4 | 8>> = { int64: 8, int32: 4, bool: 1 };

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

const elementwise =
  (result: DType | undefined, each: (...values: bigint[]) => bigint | undefined): Fold =>
  (node, operands) => {
    const dims = broadcast(node, ...operands.map((operand) => operand.dims));
    const values = Array.from({ length: count(dims) }, (_, i) => {
      const at = (from: readonly number[]): number => {
        let [rest, index, step] = [i, 0, 1];
        for (let axis = dims.length - 1; axis >= 0; axis--) {
          const own = axis - dims.length + from.length;
          if (own >= 0) {
            if (from[own] !== 1) index += (rest % dims[axis]) * step;
            step *= from[own];
          }
          rest = Math.floor(rest / dims[axis]);
        }
        return index;
      };
      return each(...operands.map((operand) => operand.values[at(operand.dims)]));
    });
    const known = values.filter((value) => value !== undefined);
    return known.length < values.length ? undefined : { dtype: result ?? operands.at(-1)!.dtype, dims, values: known };
  };

/** Rounds towards the divisor's sign, as Mod does; undefined where there is no result. */
const modulo = (a: bigint, b: bigint): bigint | undefined => (b === 0n ? undefined : ((a % b) + b) % b);
const truth = (is: boolean): bigint => (is ? 1n : 0n);

/** The same elements in another shape. */
const reshaped =
  (dimsOf: (node: NodeView, operand: Whole) => number[] | undefined): Fold =>
  (node, [operand]) => {
    const dims = dimsOf(node, operand);
    return dims && count(dims) === operand.values.length ? { ...operand, dims } : undefined;
  };

/** The axes that a node names in operand 1; undefined where it names none. */
const axesOf = (node: NodeView, rank: number): number[] | undefined =>
  node.has(1) ? node.constantInts(1).map((axis) => node.axis(axis, rank)) : undefined;

/** The elements at some places of one axis, row-major. */
function along(dims: readonly number[], axis: number, values: readonly bigint[], places: readonly number[]): bigint[] {
  const [outer, inner] = [count(dims.slice(0, axis)), count(dims.slice(axis + 1))];
  return Array.from({ length: outer }, (_, o) =>
    places.flatMap((place) => values.slice((o * dims[axis] + place) * inner, (o * dims[axis] + place + 1) * inner)),
  ).flat();
}

const gather: Fold = (node, [{ dtype, dims, values }, indices]) => {
  const axis = node.axis(node.int('axis', 0), dims.length);
  const places = indices.values.map((index) => Number(index) + (index < 0n ? dims[axis] : 0));
  if (places.some((place) => place < 0 || place >= dims[axis])) return undefined;
  return {
    dtype,
    dims: [...dims.slice(0, axis), ...indices.dims, ...dims.slice(axis + 1)],
    values: along(dims, axis, values, places),
  };
};

/** Along one axis. */
const slice: Fold = (node, [{ dtype, dims, values }]) => {
  if (dims.length === 0 || node.constantInts(1).length !== 1) return undefined;
  const axis = node.has(3) ? node.axis(node.constantInts(3)[0], dims.length) : 0;
  const size = dims[axis];
  const [[start], [end], [step]] = [
    node.constantInts(1),
    node.constantInts(2),
    node.has(4) ? node.constantInts(4) : [1],
  ];
  if (step === 0) return undefined;
  const clamp = (place: number, least: number, most: number) =>
    Math.min(Math.max(place < 0 ? place + size : place, least), most);
  const [from, to] =
    step > 0 ? [clamp(start, 0, size), clamp(end, 0, size)] : [clamp(start, 0, size - 1), clamp(end, -1, size - 1)];
  const places: number[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) places.push(i);
  return { dtype, dims: dims.with(axis, places.length), values: along(dims, axis, values, places) };
};

const transpose: Fold = (node, [{ dtype, dims, values }]) => {
  if (dims.length !== 2 || `${node.ints('perm') ?? [1, 0]}` !== '1,0') return undefined;
  const [rows, columns] = dims;
  const turned = Array.from({ length: values.length }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
  return { dtype, dims: [columns, rows], values: turned };
};

const cast: Fold = (node, [operand]) => {
  const dtype = ({ 6: 'int32', 7: 'int64', 9: 'bool' } as const)[node.int('to', 0)];
  if (!dtype) return undefined;
  const values = operand.values.map((x) =>
    dtype === 'bool' ? truth(x !== 0n) : dtype === 'int32' ? BigInt.asIntN(32, x) : x,
  );
  return { ...operand, dtype, values };
};

const range: Fold = (
  _node,
  [
    {
      dtype,
      values: [start],
    },
    {
      values: [limit],
    },
    {
      values: [delta],
    },
  ],
) => {
  if (delta === 0n || (limit - start) / delta > LARGEST) return undefined;
  const values: bigint[] = [];
  for (let x = start; delta > 0n ? x < limit : x > limit; x += delta) values.push(x);
  return { dtype, dims: [values.length], values };
};

const product: Fold = (node, [{ dtype, dims, values }]) => {
  if (node.count > 1 || node.ints('axes')) return undefined;
  const keep = node.int('keepdims', 1) !== 0;
  return { dtype, dims: keep ? dims.map(() => 1) : [], values: [values.reduce((a, b) => a * b, 1n)] };
};

const FOLDS: Readonly<Record<string, Fold>> = {
  Identity: (_node, [operand]) => operand,
  Cast: cast,
  Gather: gather,
  Slice: slice,
  Transpose: transpose,
  Range: range,
  ReduceProd: product,
  Concat: (node, operands) =>
    operands.every(({ dims }) => dims.length === 1) && node.axis(node.int('axis', 0), 1) === 0
      ? {
          ...operands[0],
          dims: [operands.reduce((n, { values }) => n + values.length, 0)],
          values: operands.flatMap((o) => o.values),
        }
      : undefined,
  Reshape: reshaped((node, { values, dims }) => {
    if (node.int('allowzero', 0) !== 0) return undefined;
    const wanted = node.constantInts(1).map((d, i) => (d === 0 ? dims[i] : d));
    const rest = wanted.filter((d) => d !== -1).reduce((a, b) => a * b, 1);
    return wanted.map((d) => (d === -1 ? values.length / rest : d));
  }),
  Unsqueeze: reshaped((node, { dims }) => {
    const axes = axesOf(node, dims.length + node.constantInts(1).length) ?? [];
    return axes.toSorted((a, b) => a - b).reduce((out, axis) => out.toSpliced(axis, 0, 1), [...dims]);
  }),
  Squeeze: reshaped((node, { dims }) => {
    const axes = axesOf(node, dims.length);
    return dims.filter((d, i) => (axes ? !axes.includes(i) : d !== 1));
  }),
  Add: elementwise(undefined, (a, b) => a + b),
  Sub: elementwise(undefined, (a, b) => a - b),
  Mul: elementwise(undefined, (a, b) => a * b),
  Div: elementwise(undefined, (a, b) => (b === 0n ? undefined : a / b)),
  Mod: elementwise(undefined, modulo),
  Neg: elementwise(undefined, (a) => -a),
  Equal: elementwise('bool', (a, b) => truth(a === b)),
  Less: elementwise('bool', (a, b) => truth(a < b)),
  Greater: elementwise('bool', (a, b) => truth(a > b)),
  Not: elementwise(undefined, (a) => 1n - a),
  Where: elementwise(undefined, (condition, a, b) => (condition !== 0n ? a : b)),
};

function read({ dtype, dims, bytes }: OnnxTensor): Whole | undefined {
  const width = WIDTHS[dtype];
  if (!width || count(dims) > LARGEST) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const each = {
    8: (i: number) => view.getBigInt64(8 * i, true),
    4: (i: number) => BigInt(view.getInt32(4 * i, true)),
    1: (i: number) => BigInt(view.getUint8(i)),
  }[width];
  return { dtype, dims, values: Array.from({ length: count(dims) }, (_, i) => each(i)) };
}

function written({ dtype, dims, values }: Whole): Omit<OnnxTensor, 'name'> | undefined {
  const width = WIDTHS[dtype]!;
  if (values.length > LARGEST || values.some((x) => BigInt.asIntN(64, x) !== x)) return undefined;
  if (width === 4 && values.some((x) => BigInt.asIntN(32, x) !== x)) return undefined;
  const bytes = new Uint8Array(width * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, x] of values.entries()) {
    if (width === 8) view.setBigInt64(8 * i, x, true);
    else if (width === 4) view.setInt32(4 * i, Number(x), true);
    else view.setUint8(i, Number(x));
  }
  return { dtype, dims, bytes };
}

/**
 * The constant that a node makes of shapes, if it is one: of operands that are all small constant integers, by an
 * operator whose result on them every engine agrees on.
 */
export function foldShapes(node: NodeView): Omit<OnnxTensor, 'name'> | undefined {
  if (!Object.hasOwn(FOLDS, node.type) || node.results !== 1 || node.count === 0) return undefined;
  const operands: Whole[] = [];
  for (const i of node.all()) {
    const tensor = node.constant(i);
    const operand = tensor && read(tensor);
    if (!operand) return undefined;
    operands.push(operand);
  }
  const result = FOLDS[node.type](node, operands);
  return result && written(result);
}
