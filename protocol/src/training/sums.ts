import { reshape, size, slice, total } from './arithmetic.ts';
import type { Tape } from './tape.ts';

/** Longest sum that one operator makes: beyond it a proof of one element grows towards what a transaction holds. */
export const LONGEST_SUM = 2048;

/** `a` summed over `axes`, which stay with size 1 or go; long sums are made of sums of parts. */
export function summed(t: Tape, a: string, axes: readonly number[], keepdims: boolean): string {
  const dims = t.dims(a);
  if (axes.length === 0) return a;
  const kept = dims.map((d, axis) => (axes.includes(axis) ? 1 : d));
  let out = a;
  if (size(axes.map((axis) => dims[axis])) <= LONGEST_SUM) out = reduce(t, a, axes);
  else for (const axis of axes) out = sumAxis(t, out, axis);
  const left = keepdims ? kept : dims.filter((_, axis) => !axes.includes(axis));
  return reshape(t, out, left);
}

const reduce = (t: Tape, a: string, axes: readonly number[]): string =>
  t.op('ReduceSum', [a, t.ints(axes)], { keepdims: 1 });

function sumAxis(t: Tape, a: string, axis: number): string {
  const length = t.dims(a)[axis];
  if (length <= LONGEST_SUM) return reduce(t, a, [axis]);
  const parts = cuts(length, LONGEST_SUM).map(([start, end]) => reduce(t, slice(t, a, axis, start, end), [axis]));
  return total(t, parts);
}

/** Even parts of `length`, none longer than `most`. */
export function cuts(length: number, most: number): [number, number][] {
  const count = Math.ceil(length / most);
  const each = Math.ceil(length / count);
  return Array.from({ length: count }, (_, i) => [i * each, Math.min(length, (i + 1) * each)]);
}

/** The gradient of a tensor of `dims` that was stretched to the shape of `a`. */
export function unstretched(t: Tape, a: string, dims: readonly number[]): string {
  const from = t.dims(a);
  if (from.join() === dims.join()) return a;
  const added = from.length - dims.length;
  if (from.slice(added).join() === dims.join() && size(dims) > 1) return reshape(t, columnSums(t, a, size(dims)), dims);
  const axes = from.flatMap((d, axis) => (axis < added || (d !== 1 && dims[axis - added] === 1) ? [axis] : []));
  return reshape(t, summed(t, a, axes, true), dims);
}

/** Aᵀ·B of matrices with the same rows, in parts of rows where they are many. */
export function crossProduct(t: Tape, a: string, b: string): string {
  const parts = cuts(t.dims(a)[0], LONGEST_SUM).map(([start, end]) =>
    t.op('Gemm', [slice(t, a, 0, start, end), slice(t, b, 0, start, end)], { transA: 1 }),
  );
  return total(t, parts);
}

/**
 * The same matrix within rounding, as a sum of all elements of each row: Hartley's transform is its own inverse. What
 * was picked out of many rows has no interval of its own, and would have to be committed to with all it comes from.
 */
export function spreadRows(t: Tape, a: string): string {
  const dims = t.dims(a);
  const width = widestPart(dims[1]);
  if (width < LEAST_PART) return a;
  const wave = Array.from({ length: width }, (_, i) => {
    const angle = (2 * Math.PI * i) / width;
    return (Math.cos(angle) + Math.sin(angle)) / Math.sqrt(width);
  });
  const entry = (_: unknown, i: number): number => wave[(Math.floor(i / width) * (i % width)) % width];
  const hartley = t.floats([width, width], Float32Array.from({ length: width ** 2 }, entry));
  const parts = reshape(t, a, [size(dims) / width, width]);
  return reshape(t, t.op('Gemm', [t.op('Gemm', [parts, hartley]), hartley]), dims);
}

/** Sums shorter than this take up too little. */
const LEAST_PART = 16;
const MOST_PART = 512;
const widestPart = (length: number): number => {
  for (let part = Math.min(length, MOST_PART); ; part--) if (length % part === 0) return part;
};

/** Sums of the columns of `a`, seen as rows of `width`, as a product with ones: a sum of products has an interval. */
function columnSums(t: Tape, a: string, width: number): string {
  const rows = reshape(t, a, [size(t.dims(a)) / width, width]);
  const parts = cuts(t.dims(rows)[0], LONGEST_SUM).map(([start, end]) =>
    t.op('Gemm', [t.floats([1, end - start], new Float32Array(end - start).fill(1)), slice(t, rows, 0, start, end)]),
  );
  return total(t, parts);
}
