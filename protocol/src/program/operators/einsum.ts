import { layoutOf } from '../../commitments/type.ts';
import type { NodeView } from '../node-view.ts';
import type { OperatorSpec } from './spec.ts';

const times = (text: string, letter: string): number => [...text].filter((other) => other === letter).length;

/** The letters of each operand and of the result. */
function termsOf(node: NodeView): { operands: string[]; result: string } {
  const equation = node.text('equation', '').replaceAll(' ', '');
  const [left, right, ...more] = equation.split('->');
  const operands = left.split(',');
  const letters = [...new Set(operands.join(''))].sort();
  const result = right ?? letters.filter((letter) => times(left, letter) === 1).join('');
  const known = /^[a-zA-Z,]*$/.test(left) && /^[a-zA-Z]*$/.test(result) && more.length === 0;
  if (!known || operands.length !== node.count) throw node.unsupported('equation', `is "${equation}"`);
  for (const [i, term] of operands.entries()) {
    if (term.length !== node.shape(i).dims.length) throw node.malformed(`${term} of [${node.shape(i).dims}]`);
  }
  const repeats = [...operands, result].some((term) => new Set(term).size !== term.length);
  if (repeats) throw node.unsupported('equation', `"${equation}" repeats a letter in one term`);
  if ([...result].some((letter) => !letters.includes(letter))) throw node.malformed(`equation "${equation}"`);
  return { operands, result };
}

/** A permutation of one operand, or the sums of products of two. */
export const einsum: OperatorSpec = {
  versions: [12],
  lower(node) {
    node.arity(1, 2);
    const { operands, result } = termsOf(node);
    const sizes = new Map<string, number>();
    for (const [i, term] of operands.entries()) {
      for (const [axis, letter] of [...term].entries()) {
        const size = node.shape(i).dims[axis];
        if ((sizes.get(letter) ?? size) !== size) throw node.malformed(`${letter} is ${sizes.get(letter)} and ${size}`);
        sizes.set(letter, size);
      }
    }
    const { dtype } = node.shape(0);
    const output = { dtype, dims: [...result].map((letter) => sizes.get(letter)!) };
    const [a, b] = operands;
    const alone = [...sizes.keys()].find(
      (letter) => !result.includes(letter) && operands.some((term) => !term.includes(letter)),
    );
    if (alone || (b === undefined && result.length !== a.length)) {
      throw node.unsupported('equation', `sums over ${alone ?? 'axes'} of one operand; use ReduceSum before`);
    }
    if (b === undefined) {
      const perm = [...result].map((letter) => a.indexOf(letter));
      return { as: { name: 'Transpose', since: 13 }, operands: [0], attributes: perm, output };
    }
    if (node.shape(1).dtype !== dtype) throw node.malformed(`multiplies ${dtype} by ${node.shape(1).dtype}`);
    const summed = [...a].filter((letter) => !result.includes(letter));
    const free = [a, b].map((term) => [...term].filter((letter) => result.includes(letter)));
    return {
      operands: [0, 1],
      attributes: [summed.length, ...free.flat().map((letter) => result.indexOf(letter))],
      output,
      layouts: [a, b].map((term, i) => layoutOf([...free[i], ...summed].map((letter) => term.indexOf(letter)))),
    };
  },
};
