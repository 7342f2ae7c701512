import { coordinatesOf, physicalOf } from '../commitments/layout.ts';
import { elementCount, type TensorType } from '../program/types.ts';

/** Logical coordinates of the element at physical index `index`. Throws a RangeError beyond the last. */
export function locate(type: TensorType, index: number): number[] {
  if (!(index < elementCount(type))) throw new RangeError(`element ${index} lies outside a tensor of [${type.dims}]`);
  return coordinatesOf(type, index);
}

/** Physical index of the element at logical `coordinates`. Throws a RangeError outside the tensor. */
export function indexOf(type: TensorType, coordinates: readonly number[]): number {
  if (!type.dims.every((size, axis) => coordinates[axis] >= 0 && coordinates[axis] < size)) {
    throw new RangeError(`[${coordinates}] lies outside a tensor of [${type.dims}]`);
  }
  return physicalOf(type, coordinates);
}

/** Logical row-major index of `coordinates`, which reshaping keeps. */
export const rowMajor = (type: TensorType, coordinates: readonly number[]): number =>
  indexOf({ ...type, layout: 0 }, coordinates);

/** Logical coordinates of the element with logical row-major index `index`. */
export const fromRowMajor = (type: TensorType, index: number): number[] => locate({ ...type, layout: 0 }, index);

/** Coordinates in an operand that is broadcast, right-aligned, to the tensor that `coordinates` are of. */
export function broadcast(operand: TensorType, coordinates: readonly number[]): number[] {
  const missing = coordinates.length - operand.dims.length;
  if (missing < 0) throw new RangeError('an operand has more axes than the result');
  return operand.dims.map((size, axis) => (size === 1 ? 0 : coordinates[axis + missing]));
}
