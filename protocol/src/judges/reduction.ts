import { layoutOf } from '../commitments/type.ts';
import type { Operator, TensorType } from '../program/types.ts';
import { inputType } from './elements.ts';
import { natural, refuse } from './refuse.ts';

/** The layout that keeps the masked axes innermost, so that a row of them is one range. */
export function reducedLayout(rank: number, mask: number): number {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const reduced = (axis: number) => ((mask >> axis) & 1) === 1;
  return layoutOf([...axes.filter((axis) => !reduced(axis)), ...axes.filter(reduced)]);
}

/** Number and length of the row at `here`, coordinates in the operand; those of masked axes do not matter. */
export function rowAt(from: TensorType, mask: number, here: readonly number[]): { number: number; length: number } {
  let [number, length] = [0, 1];
  from.dims.forEach((size, axis) => {
    if ((mask >> axis) & 1) length *= size;
    else number = number * size + here[axis];
  });
  return { number, length };
}

/** Coordinates in the operand of the result at `here`, where the masked axes may have been dropped. */
export function restored(from: TensorType, mask: number, keepdims: boolean, here: readonly number[]): number[] {
  if (keepdims) return [...here];
  const rest = [...here];
  return from.dims.map((_, axis) => ((mask >> axis) & 1 ? 0 : rest.shift()!));
}

/** Dimensions of the result. */
export const reducedDims = (dims: readonly number[], mask: number, keepdims: boolean): number[] =>
  dims.flatMap((size, axis) => ((mask >> axis) & 1 ? (keepdims ? [1] : []) : [size]));

/** Refuses an operand whose masked axes do not lie innermost. */
export function admitRows(op: Operator, mask: number): void {
  const from = inputType(op, 0);
  if (mask === 0 || mask >= 2 ** from.dims.length) refuse(op, `axes of mask ${mask} are no axes of [${from.dims}]`);
  if (from.layout !== reducedLayout(from.dims.length, mask)) refuse(op, 'the axes it reduces must lie innermost');
}

/** Refuses an operator of words `mask, keepdims` whose types do not fit them. */
export function admitReduction(op: Operator): void {
  const from = inputType(op, 0);
  const mask = natural(op, 0);
  admitRows(op, mask);
  const dims = reducedDims(from.dims, mask, natural(op, 1) !== 0);
  if (`${dims}` !== `${op.outputTypes[0].dims}`) refuse(op, 'its output shape does not fit its axes and keepdims');
  if (rowAt(from, mask, from.dims).length === 0) refuse(op, 'it reduces nothing');
}
