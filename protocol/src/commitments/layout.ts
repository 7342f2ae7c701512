import { DTYPES, type TensorType } from '../program/types.ts';
import { axesOf } from './type.ts';

const stridesOf = (dims: readonly number[]): number[] => {
  const strides = new Array<number>(dims.length).fill(1);
  for (let i = dims.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * dims[i + 1];
  return strides;
};

/** Row-major strides of the logical dimensions, in elements. */
export const logicalStrides = (type: Pick<TensorType, 'dims'>): number[] => stridesOf(type.dims);

/** Distance in physical elements between neighbours along each logical axis. */
export function physicalStrides(type: Pick<TensorType, 'layout' | 'dims'>): number[] {
  const axes = axesOf(type);
  const places = stridesOf(axes.map((axis) => type.dims[axis]));
  const strides = new Array<number>(axes.length);
  axes.forEach((axis, place) => {
    strides[axis] = places[place];
  });
  return strides;
}

/** Logical coordinates of a physical element index. */
export function coordinatesOf(type: Pick<TensorType, 'layout' | 'dims'>, physical: number): number[] {
  const axes = axesOf(type);
  const at = new Array<number>(axes.length);
  let rest = physical;
  for (let place = axes.length - 1; place >= 0; place--) {
    const size = type.dims[axes[place]];
    at[axes[place]] = rest % size;
    rest = Math.floor(rest / size);
  }
  return at;
}

/** Physical element index of logical coordinates. */
export function physicalOf(type: Pick<TensorType, 'layout' | 'dims'>, at: readonly number[]): number {
  return physicalStrides(type).reduce((n, stride, axis) => n + stride * at[axis], 0);
}

/** Physical index of the element with this row-major index, and back. */
export const toPhysical = (type: Pick<TensorType, 'layout' | 'dims'>, logical: number): number =>
  type.layout === 0 ? logical : physicalOf(type, coordinatesOf({ dims: type.dims, layout: 0 }, logical));
export const toLogical = (type: Pick<TensorType, 'layout' | 'dims'>, physical: number): number =>
  type.layout === 0 ? physical : physicalOf({ dims: type.dims, layout: 0 }, coordinatesOf(type, physical));

type Elements = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

function elementsOf(bytes: Uint8Array, size: number): Elements {
  if (size === 1) return bytes;
  const { buffer, byteOffset } = byteAligned(bytes, size);
  const count = bytes.length / size;
  if (size === 2) return new Uint16Array(buffer, byteOffset, count);
  return size === 4 ? new Uint32Array(buffer, byteOffset, count) : new BigUint64Array(buffer, byteOffset, count);
}

const byteAligned = (bytes: Uint8Array, size: number): Uint8Array =>
  bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);

/**
 * Copies elements into the order of `dims` (outermost first) where a step along dimension i moves by `steps[i]` in
 * `from`. Walks the innermost two dimensions in blocks, so that both sides stay in the cache.
 */
function gather(from: Elements, to: Elements, dims: readonly number[], steps: readonly number[]): void {
  const rank = dims.length;
  const rows = dims[rank - 2];
  const columns = dims[rank - 1];
  const rowStep = steps[rank - 2];
  const columnStep = steps[rank - 1];
  const block = 32;
  const at = new Array<number>(rank - 2).fill(0);
  let base = 0;
  for (let out = 0; out < to.length; out += rows * columns) {
    for (let r0 = 0; r0 < rows; r0 += block) {
      const r1 = Math.min(rows, r0 + block);
      for (let c0 = 0; c0 < columns; c0 += block) {
        const c1 = Math.min(columns, c0 + block);
        for (let r = r0; r < r1; r++) {
          let source = base + r * rowStep + c0 * columnStep;
          for (let target = out + r * columns + c0; target < out + r * columns + c1; target++) {
            to[target] = from[source];
            source += columnStep;
          }
        }
      }
    }
    for (let i = rank - 3; i >= 0; i--) {
      at[i]++;
      base += steps[i];
      if (at[i] < dims[i]) break;
      base -= steps[i] * dims[i];
      at[i] = 0;
    }
  }
}

function reorder(type: TensorType, bytes: Uint8Array, dims: readonly number[], steps: readonly number[]): Uint8Array {
  const size = DTYPES[type.dtype].size;
  const out = new Uint8Array(bytes.length);
  if (bytes.length > 0) gather(elementsOf(bytes, size), elementsOf(out, size), dims, steps);
  return out;
}

/** Row-major bytes in the physical order of `type.layout`. Row-major types return the same array. */
export function toLayout(type: TensorType, rowMajor: Uint8Array): Uint8Array {
  if (type.layout === 0) return rowMajor;
  const axes = axesOf(type);
  const strides = logicalStrides(type);
  return reorder(
    type,
    rowMajor,
    axes.map((axis) => type.dims[axis]),
    axes.map((axis) => strides[axis]),
  );
}

/** Bytes in the physical order of `type.layout` as row-major bytes. Row-major types return the same array. */
export function fromLayout(type: TensorType, bytes: Uint8Array): Uint8Array {
  return type.layout === 0 ? bytes : reorder(type, bytes, type.dims, physicalStrides(type));
}
