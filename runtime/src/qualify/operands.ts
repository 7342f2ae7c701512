import type { TensorType } from '@essaim/protocol';
import type { SingleNode } from '../single-nodes.ts';
import { inDomain, type Pattern } from './patterns.ts';

type Next = () => number;

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** Puts vectors along one axis of a row-major tensor, a new one for each place on the other axes. */
function along(dims: readonly number[], axis: number, make: () => Float32Array): Float32Array {
  const out = new Float32Array(count(dims));
  const inner = count(dims.slice(axis + 1));
  const outer = count(dims.slice(0, axis));
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const vector = make();
      for (const [k, x] of vector.entries()) out[(o * dims[axis] + k) * inner + i] = x;
    }
  }
  return out;
}

/** An image in which every window sees the whole pattern, begun anywhere. */
function image(dims: readonly number[], filter: readonly number[], pattern: Pattern, next: Next): Float32Array {
  const [, channels, height, width] = dims;
  const [, depth, kh, kw] = filter;
  const row = pattern.row(depth * kh * kw, next);
  return Float32Array.from({ length: count(dims) }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const channel = Math.floor(i / width / height) % channels;
    return row[((channel % depth) * kh + (y % kh)) * kw + (x % kw)];
  });
}

/** Float32 operands of a node, row-major by slot, on which its sums of products follow a pattern. */
export function operandsOf({ op }: SingleNode, pattern: Pattern, next: Next): (Float32Array | null)[] {
  const [, b] = op.inputTypes;
  const any = (type: TensorType): Float32Array => pattern.row(count(type.dims), next);
  return op.inputTypes.map((type, slot) => {
    if (!type) return null;
    const { dims } = type;
    if (op.name === 'Conv' && slot === 0) return image(dims, b!.dims, pattern, next);
    if (op.name === 'Conv' && slot === 1)
      return rows(dims[0], count(dims.slice(1)), () => pattern.column(count(dims.slice(1)), next));
    if ((op.name === 'MatMul' || op.name === 'Gemm') && slot < 2) {
      const axis = innermost(type);
      const make = slot === 0 ? pattern.row : pattern.column;
      return along(dims, axis, () => make(dims[axis], next));
    }
    return inDomain(op.name, slot, pattern, any(type));
  });
}

const rows = (n: number, length: number, make: () => Float32Array): Float32Array => along([n, length], 1, make);

/** The axis whose elements lie side by side: judges require the terms of a product to. */
const innermost = (type: TensorType): number => (type.layout === 0 ? type.dims.length - 1 : type.dims.length - 2);
