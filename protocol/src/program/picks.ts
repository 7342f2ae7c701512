import { dotTerms } from '../judges/dot.ts';
import type { Operator, Ref } from './types.ts';

/** Operators whose results hold elements of their operands, and no others but zeros. */
const MOVES = new Set([
  'Reshape',
  'Transpose',
  'Relayout',
  'Slice',
  'Pad',
  'Concat',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Identity',
]);

/**
 * Whether elements of a product may be of a single term by the way it is made: there is only one, or a factor is mostly
 * zeros, such as one-hot rows or what a mask lets through. One term is not rounded with others, so that the judge takes
 * up nothing of what devices make differently of it.
 */
export function picks(op: Operator, operators: readonly Operator[]): boolean {
  const isSparse = ({ name, inputs }: Operator): boolean =>
    name === 'OneHot' ||
    (name === 'Where' && inputs.slice(1).some(({ kind }) => kind === 'weight')) ||
    (MOVES.has(name) && inputs.some(made));
  const made = ({ kind, index }: Ref): boolean => kind === 'value' && isSparse(makerOf(operators, index));
  return dotTerms(op) === 1 || op.inputs.slice(0, 2).some(made);
}

/** The operator that makes a value. */
function makerOf(operators: readonly Operator[], value: number): Operator {
  let [low, high] = [0, operators.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (operators[middle].firstValue <= value) low = middle;
    else high = middle - 1;
  }
  return operators[low];
}
