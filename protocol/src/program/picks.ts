import type { Operator } from './types.ts';

/** Operators whose results hold the elements of their first operand. */
const MOVES = new Set(['Reshape', 'Transpose', 'Relayout', 'Slice', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity']);

/**
 * Whether a product takes single elements of one operand, for the other holds one-hot rows: a sum of one term is not
 * rounded, so that its judge takes up nothing of what devices make differently of that term.
 */
export function picks(op: Operator, operators: readonly Operator[]): boolean {
  const isHot = ({ name, inputs: [from] }: Operator): boolean =>
    name === 'OneHot' || (MOVES.has(name) && from.kind === 'value' && isHot(makerOf(operators, from.index)));
  return op.inputs.some(({ kind, index }) => kind === 'value' && isHot(makerOf(operators, index)));
}

/** The operator that makes a value, by halving. */
function makerOf(operators: readonly Operator[], value: number): Operator {
  let [low, high] = [0, operators.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (operators[middle].firstValue <= value) low = middle;
    else high = middle - 1;
  }
  return operators[low];
}
