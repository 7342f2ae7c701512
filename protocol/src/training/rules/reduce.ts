import { expand, reshape, scale, size } from '../arithmetic.ts';
import type { Backward, Rule, Rules } from './rule.ts';

/** Every element of a sum gets the gradient of the sum, scaled where it is a mean. */
const spread =
  (mean: boolean): Rule =>
  (node) => {
    const { t, dy, inputs } = node;
    const dims = t.dims(inputs[0]);
    const axes = axesOf(node, dims.length);
    const kept = dims.map((d, axis) => (axes.includes(axis) ? 1 : d));
    const scaled = mean ? scale(t, dy, 1 / size(axes.map((axis) => dims[axis]))) : dy;
    return [expand(t, reshape(t, scaled, kept), dims)];
  };

/** The reduced axes; over none the operator is an Identity, without words. */
const axesOf = ({ words }: Backward, rank: number): number[] =>
  words.length === 0 ? [] : Array.from({ length: rank }, (_, axis) => axis).filter((axis) => (words[0] >> axis) & 1);

const cumSum: Rule = ({ t, dy, words, inputs }) => {
  const [, exclusive, reverse] = words;
  return [t.op('CumSum', [dy, inputs[1]], { exclusive, reverse: 1 - reverse }), undefined];
};

export const REDUCE_RULES: Rules = {
  ReduceSum: spread(false),
  ReduceMean: spread(true),
  GlobalAveragePool: spread(true),
  CumSum: cumSum,
};
