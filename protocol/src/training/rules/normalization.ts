import { add, div, mul, reshape, scale, size, sub } from '../arithmetic.ts';
import { summed, unstretched } from '../sums.ts';
import type { Tape } from '../tape.ts';
import type { Backward, Rule, Rules } from './rule.ts';
import { refuse, wanted } from './rule.ts';

/** Softmax and LogSoftmax, whose gradients are made of their results. */
const softmax: Rule = (node) => {
  const { t, dy, outputs, words } = node;
  const weighted = mul(t, dy, outputs[0]);
  return [t.op('Sub', [weighted, mul(t, outputs[0], rowSum(node, weighted, words[0]))])];
};
const logSoftmax: Rule = (node) => {
  const { t, dy, outputs, words } = node;
  const shares = t.op('Exp', [outputs[0]]);
  return [t.op('Sub', [dy, mul(t, shares, rowSum(node, dy, words[0]))])];
};
const rowSum = ({ t }: Backward, a: string, axis: number): string =>
  t.op('ReduceSum', [a, t.ints([axis])], { keepdims: 1 });

const mean = (t: Tape, a: string, axes: readonly number[]): string =>
  scale(t, summed(t, a, axes, true), 1 / size(axes.map((axis) => t.dims(a)[axis])));

/** A row less its mean, over the root of its variance, and that root. */
function normalised(t: Tape, x: string, axes: readonly number[], epsilon: number): { row: string; root: string } {
  const centred = sub(t, x, mean(t, x, axes));
  const variance = mean(t, mul(t, centred, centred), axes);
  const root = t.op('Sqrt', [add(t, variance, t.scalar(epsilon))]);
  return { row: div(t, centred, root), root };
}

/** The gradient of `x` from that of its normalised rows. */
function throughRow(
  t: Tape,
  dy: string,
  { row, root }: { row: string; root: string },
  axes: readonly number[],
): string {
  const along = mul(t, row, mean(t, mul(t, dy, row), axes));
  return div(t, sub(t, sub(t, dy, mean(t, dy, axes)), along), root);
}

const layerNormalization: Rule = (node) => {
  const { t, dy, inputs, words, view } = node;
  const [x, gain, bias] = inputs;
  const axes = [...t.dims(x).keys()].slice(words[0]);
  const rows = normalised(t, x, axes, view.float('epsilon', 1e-5));
  return [
    wanted(node, 0, () => throughRow(t, mul(t, dy, gain), rows, axes)),
    wanted(node, 1, () => unstretched(t, mul(t, dy, rows.row), t.dims(gain))),
    wanted(node, 2, () => unstretched(t, dy, t.dims(bias))),
  ];
};

/** Operand `slot`, one number for each channel, as it stretches to an image. */
const perChannel = ({ t, inputs }: Backward, slot: number): string =>
  reshape(t, inputs[slot], [
    t.dims(inputs[slot])[0],
    ...t
      .dims(inputs[0])
      .slice(2)
      .map(() => 1),
  ]);

const channelSum = (node: Backward, a: string): string => {
  const axes = [...node.t.dims(a).keys()].filter((axis) => axis !== 1);
  return summed(node.t, a, axes, false);
};

/** Rows are the channels of a group of one image; InstanceNormalization has a group for each channel. */
const groupNormalization: Rule = (node) => {
  const { t, dy, inputs, view } = node;
  const [x] = inputs;
  const dims = t.dims(x);
  const [n, channels] = dims;
  const groups = view.type === 'InstanceNormalization' ? channels : view.int('num_groups', 0);
  const grouped = [n, groups, size(dims) / n / groups];
  const rows = normalised(t, reshape(t, x, grouped), [2], view.float('epsilon', 1e-5));
  const scaled = (): string => reshape(t, mul(t, dy, perChannel(node, 1)), grouped);
  return [
    wanted(node, 0, () => reshape(t, throughRow(t, scaled(), rows, [2]), dims)),
    wanted(node, 1, () => channelSum(node, mul(t, dy, reshape(t, rows.row, dims)))),
    wanted(node, 2, () => channelSum(node, dy)),
  ];
};

/** With the statistics of earlier training, which stay as they are. */
const batchNormalization: Rule = (node) => {
  const { t, dy, inputs, view } = node;
  if (node.needs(3) || node.needs(4))
    throw refuse(node, 'its statistics would be trained', 'Freeze them: leave them out of trainable.');
  const epsilon = view.float('epsilon', 1e-5);
  const root = t.op('Sqrt', [add(t, perChannel(node, 4), t.scalar(epsilon))]);
  const centred = (): string => div(t, sub(t, inputs[0], perChannel(node, 3)), root);
  return [
    wanted(node, 0, () => mul(t, dy, div(t, perChannel(node, 1), root))),
    wanted(node, 1, () => channelSum(node, mul(t, dy, centred()))),
    wanted(node, 2, () => channelSum(node, dy)),
  ];
};

export const NORMALIZATION_RULES: Rules = {
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  LayerNormalization: layerNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: groupNormalization,
  BatchNormalization: batchNormalization,
};
