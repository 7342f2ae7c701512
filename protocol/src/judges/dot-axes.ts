import { axesOf } from '../commitments/type.ts';
import type { Operator, TensorType } from '../program/types.ts';
import { locate } from './coordinates.ts';
import type { Rows } from './dot-rows.ts';
import { inputType } from './elements.ts';
import { natural, refuse } from './refuse.ts';

/** The axes that an Einsum sums over, stored last in both operands. */
const summedOf = (op: Operator, type: TensorType): number[] => {
  const summed = natural(op, 0);
  return summed === 0 ? [] : axesOf(type).slice(-summed);
};

export const einsumTerms = (op: Operator): number =>
  summedOf(op, inputType(op, 0)).reduce((product, axis) => product * inputType(op, 0).dims[axis], 1);

/** The output's axes that the stored axes of an operand are, before those summed over. */
function outputAxes(op: Operator, slot: 0 | 1): number[] {
  const summed = natural(op, 0);
  const leading = [0, 1].map((i) => inputType(op, i).dims.length - summed);
  return Array.from({ length: leading[slot] }, (_, i) => natural(op, 1 + i + (slot === 1 ? leading[0] : 0)));
}

/** Refuses an Einsum whose words, sizes or layouts do not fit each other. */
export function admitAxes(op: Operator): void {
  const [a, b, y] = [inputType(op, 0), inputType(op, 1), op.outputTypes[0]];
  const summed = natural(op, 0);
  if (summed > a.dims.length || summed > b.dims.length) refuse(op, `it cannot sum over ${summed} axes`);
  const sizes = [a, b].map((type) => summedOf(op, type).map((axis) => type.dims[axis]));
  if (`${sizes[0]}` !== `${sizes[1]}` || sizes[0].includes(0)) refuse(op, 'the axes summed over do not fit');
  const seen = new Set<number>();
  for (const [slot, type] of [a, b].entries()) {
    const axes = outputAxes(op, slot as 0 | 1);
    const stored = axesOf(type);
    for (const [place, axis] of axes.entries()) {
      if (y.dims[axis] !== type.dims[stored[place]]) refuse(op, `axis ${axis} of its output does not fit`);
      seen.add(axis);
    }
  }
  if (seen.size !== y.dims.length) refuse(op, 'an axis of its output comes from no operand');
}

export function einsumRows(op: Operator, element: number): Rows {
  const here = locate(op.outputTypes[0], element);
  const [a, b] = ([0, 1] as const).map((slot) =>
    outputAxes(op, slot).reduce((row, axis) => row * op.outputTypes[0].dims[axis] + here[axis], 0),
  );
  return { terms: einsumTerms(op), a, b, row: 0, column: 0, here };
}
