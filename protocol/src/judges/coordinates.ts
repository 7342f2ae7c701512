import type { TensorType } from '../program/types.ts';

/** Logical axes in the order in which they are stored, outermost first. */
export function storedAxes(type: TensorType): number[] {
  return type.dims.map((_, place) => (type.layout === 0 ? place : (type.layout >>> (4 * place)) & 15));
}

/** Logical coordinates of the element at physical index `index`. Throws a RangeError beyond the last. */
export function locate(type: TensorType, index: number): number[] {
  return unravel(type.dims, storedAxes(type), index);
}

/** Physical index of the element at logical `coordinates`. Throws a RangeError outside the tensor. */
export function indexOf(type: TensorType, coordinates: readonly number[]): number {
  return ravel(type.dims, storedAxes(type), coordinates);
}

/** Logical row-major index of `coordinates`, which reshaping keeps. */
export function rowMajor(type: TensorType, coordinates: readonly number[]): number {
  return ravel(type.dims, [...type.dims.keys()], coordinates);
}

/** Logical coordinates of the element with logical row-major index `index`. */
export function fromRowMajor(type: TensorType, index: number): number[] {
  return unravel(type.dims, [...type.dims.keys()], index);
}

/** Coordinates in an operand that is broadcast, right-aligned, to the tensor that `coordinates` are of. */
export function broadcast(operand: TensorType, coordinates: readonly number[]): number[] {
  const missing = coordinates.length - operand.dims.length;
  if (missing < 0) throw new RangeError('an operand has more axes than the result');
  return operand.dims.map((size, axis) => (size === 1 ? 0 : coordinates[axis + missing]));
}

function unravel(dims: readonly number[], order: readonly number[], index: number): number[] {
  const coordinates = new Array<number>(dims.length).fill(0);
  let rest = index;
  for (const axis of order.toReversed()) {
    coordinates[axis] = rest % dims[axis];
    rest = Math.floor(rest / dims[axis]);
  }
  if (rest !== 0) throw new RangeError(`element ${index} lies outside a tensor of [${dims}]`);
  return coordinates;
}

function ravel(dims: readonly number[], order: readonly number[], coordinates: readonly number[]): number {
  let index = 0;
  for (const axis of order) {
    if (!(coordinates[axis] < dims[axis])) throw new RangeError(`[${coordinates}] lies outside a tensor of [${dims}]`);
    index = index * dims[axis] + coordinates[axis];
  }
  return index;
}
