import { DTYPES } from '../types.ts';
import type { Folding } from './spec.ts';

const int64s = (values: readonly number[]): Uint8Array => new Uint8Array(BigInt64Array.from(values, BigInt).buffer);

const shape: Folding = {
  versions: [13, 15, 19, 21],
  fold(node) {
    node.arity(1);
    const { dims } = node.shape(0);
    const clamp = (axis: number) => Math.min(Math.max(axis < 0 ? axis + dims.length : axis, 0), dims.length);
    const part = dims.slice(clamp(node.int('start', 0)), clamp(node.int('end', dims.length)));
    return { dtype: 'int64', dims: [part.length], bytes: int64s(part) };
  },
};

const size: Folding = {
  versions: [13, 19, 21],
  fold(node) {
    node.arity(1);
    return { dtype: 'int64', dims: [], bytes: int64s([node.shape(0).dims.reduce((a, b) => a * b, 1)]) };
  },
};

const constantOfShape: Folding = {
  versions: [9, 20, 21],
  fold(node) {
    node.arity(1);
    const dims = node.constantInts(0);
    const value = node.tensor('value') ?? { dtype: 'float32' as const, bytes: new Uint8Array(4) };
    const count = dims.reduce((a, b) => a * b, 1);
    const length = DTYPES[value.dtype].size;
    if (dims.some((d) => d < 0) || count > 2 ** 28) throw node.malformed(`shape [${dims}]`);
    if (value.bytes.length !== length) throw node.malformed('its value is not one element');
    const bytes = new Uint8Array(count * length);
    for (let i = 0; i < count; i++) bytes.set(value.bytes, i * length);
    return { dtype: value.dtype, dims, bytes };
  },
};

/** Operators whose results follow from shapes and constants. */
export const FOLDED: Readonly<Record<string, Folding>> = {
  Shape: shape,
  Size: size,
  ConstantOfShape: constantOfShape,
};
