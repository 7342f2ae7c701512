import { reshape, scale, size, transpose } from '../arithmetic.ts';
import { crossProduct, unstretched } from '../sums.ts';
import type { Tape } from '../tape.ts';
import type { Rule, Rules } from './rule.ts';
import { refuse, wanted } from './rule.ts';

/** The last two axes swapped. */
const flipped = (t: Tape, a: string): string => {
  const rank = t.dims(a).length;
  const order = [...t.dims(a).keys()];
  return transpose(t, a, [...order.slice(0, -2), rank - 1, rank - 2]);
};

/** All rows of a stack of matrices as one matrix. */
const rowsOf = (t: Tape, a: string): string => {
  const dims = t.dims(a);
  return reshape(t, a, [size(dims.slice(0, -1)), dims[dims.length - 1]]);
};

const matMul: Rule = (node) => {
  const { t, inputs, dy } = node;
  const [a, b] = inputs;
  const [from, by] = [t.dims(a), t.dims(b)];
  const left = reshape(t, a, from.length === 1 ? [1, ...from] : from);
  const right = reshape(t, b, by.length === 1 ? [...by, 1] : by);
  const batch = t.dims(dy).slice(0, t.dims(dy).length - (from.length > 1 ? 1 : 0) - (by.length > 1 ? 1 : 0));
  const out = reshape(t, dy, [...batch, t.dims(left).at(-2)!, t.dims(right).at(-1)!]);
  const flat = t.dims(right).length === 2;
  const first = (): string => {
    const product = flat
      ? reshape(t, t.op('Gemm', [rowsOf(t, out), right], { transB: 1 }), [
          ...t.dims(out).slice(0, -1),
          t.dims(right)[0],
        ])
      : t.op('MatMul', [out, flipped(t, right)]);
    return reshape(t, unstretched(t, product, t.dims(left)), from);
  };
  const second = (): string => {
    const product = flat
      ? crossProduct(t, rowsOf(t, left), rowsOf(t, out))
      : unstretched(t, t.op('MatMul', [flipped(t, left), out]), t.dims(right));
    return reshape(t, product, by);
  };
  return [wanted(node, 0, first), wanted(node, 1, second)];
};

/** Y = A'·B' + C, a dash being a transposition where the node says so. */
const gemm: Rule = (node) => {
  const { t, inputs, dy, view } = node;
  const [a, b, c] = inputs;
  const [transA, transB] = [view.int('transA', 0) !== 0, view.int('transB', 0) !== 0];
  const [alpha, beta] = [view.float('alpha', 1), view.float('beta', 1)];
  const product = (x: string, y: string, left: boolean, right: boolean): string =>
    left && !right
      ? crossProduct(t, x, y)
      : t.op('Gemm', [x, y], { ...(left && { transA: 1 }), ...(right && { transB: 1 }) });
  return [
    wanted(node, 0, () => scale(t, transA ? product(b, dy, transB, true) : product(dy, b, false, !transB), alpha)),
    wanted(node, 1, () => scale(t, transB ? product(dy, a, true, transA) : product(a, dy, !transA, false), alpha)),
    wanted(node, 2, () => unstretched(t, scale(t, dy, beta), t.dims(c))),
  ];
};

/** The gradient of one operand of an Einsum is an Einsum of the result's gradient and the other operand. */
const einsum: Rule = (node) => {
  const { t, inputs, dy, view } = node;
  const equation = view.text('equation', '').replaceAll(' ', '');
  const [terms, given] = equation.split('->');
  const letters = terms.split(',');
  if (given === undefined || equation.includes('.')) {
    throw refuse(node, `its equation ${equation} is not explicit`, 'Write the result, and no dots: ij,jk->ik.');
  }
  return inputs.map((_, slot) =>
    wanted(node, slot, () => {
      const others = letters.filter((__, other) => other !== slot);
      const lost = [...letters[slot]].find((letter) => ![given, ...others].some((word) => word.includes(letter)));
      if (lost) throw refuse(node, `it sums ${lost} of one operand alone`, 'Sum that axis by ReduceSum before it.');
      const rest = inputs.filter((__, other) => other !== slot);
      return t.op('Einsum', [dy, ...rest], { equation: `${[given, ...others].join()}->${letters[slot]}` });
    }),
  );
};

export const PRODUCT_RULES: Rules = { MatMul: matMul, Gemm: gemm, Einsum: einsum };
