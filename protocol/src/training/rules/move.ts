import { expand, pad, reshape, size, slice, transpose } from '../arithmetic.ts';
import { crossProduct, spreadRows, summed, unstretched } from '../sums.ts';
import type { Tape } from '../tape.ts';
import type { Rule, Rules } from './rule.ts';
import { refuse, wanted } from './rule.ts';

/** The elements lie as before, in other dimensions. */
const reshaped: Rule = ({ t, dy, inputs }) => [reshape(t, dy, t.dims(inputs[0]))];

const transposed: Rule = ({ t, dy, words }) => [transpose(t, dy, inverse(words))];
export const inverse = (perm: readonly number[]): number[] => perm.map((_, axis) => perm.indexOf(axis));

const concat: Rule = (node) => {
  const { t, dy, inputs, words } = node;
  let start = 0;
  return inputs.map((input, slot) => {
    const end = start + t.dims(input)[words[0]];
    const [from, to] = [start, end];
    start = end;
    return wanted(node, slot, () => slice(t, dy, words[0], from, to));
  });
};

/** Elements `step` apart along an axis, zeros between them and none after the last. */
function spaced(t: Tape, a: string, axis: number, step: number): string {
  const dims = t.dims(a);
  if (step === 1 || dims[axis] < 2) return a;
  const apart = reshape(t, a, dims.toSpliced(axis + 1, 0, 1));
  const zeros = pad(
    t,
    apart,
    [...dims, 0].map(() => 0),
    [...dims, 0].map((_, i) => (i === axis + 1 ? step - 1 : 0)),
  );
  const joined = reshape(t, zeros, dims.with(axis, dims[axis] * step));
  return slice(t, joined, axis, 0, (dims[axis] - 1) * step + 1);
}

const sliced: Rule = (node) => {
  const { t, dy, inputs, words } = node;
  const from = t.dims(inputs[0]);
  const [starts, steps] = [words.slice(0, from.length), words.slice(from.length)];
  if (steps.some((step) => step < 0)) throw refuse(node, 'it runs backwards', 'Slice with positive steps.');
  if (size(t.dims(dy)) === 0) return [undefined];
  const apart = steps.reduce((a, step, axis) => spaced(t, a, axis, step), dy);
  const end = from.map((d, axis) => d - starts[axis] - t.dims(apart)[axis]);
  return [pad(t, apart, starts, end)];
};

const split: Rule = ({ t, gradients, outputs, view, inputs }) => {
  const rank = t.dims(inputs[0]).length;
  const axis = view.axis(view.int('axis', 0), rank);
  const parts = outputs.map((name, i) => gradients[i] ?? expand(t, t.scalar(0), t.dims(name)));
  return [t.op('Concat', parts, { axis })];
};

const padded: Rule = (node) => {
  const { t, dy, inputs, outputs, words } = node;
  const [mode, ...begin] = words;
  if (mode !== 0) throw refuse(node, 'it pads with copies', 'Pad with a constant.');
  if (node.needs(2)) throw refuse(node, 'its constant would be trained', 'Pad with a constant.');
  const end = t.dims(outputs[0]).map((d, axis) => d - t.dims(inputs[0])[axis] - begin[axis]);
  return [
    pad(
      t,
      dy,
      begin.map((n) => -n),
      end.map((n) => -n),
    ),
  ];
};

const expanded: Rule = ({ t, dy, inputs }) => [unstretched(t, dy, t.dims(inputs[0]))];

const tiled: Rule = ({ t, dy, inputs }) => {
  const dims = t.dims(inputs[0]);
  const apart = dims.flatMap((d, axis) => [t.dims(dy)[axis] / d, d]);
  return [
    summed(
      t,
      reshape(t, dy, apart),
      dims.map((_, axis) => 2 * axis),
      false,
    ),
  ];
};

/** Rows of a table by number: the table's gradient is the product of the one-hot numbers and the result's gradient. */
const gathered: Rule = (node) => {
  const { t, dy, inputs, words } = node;
  const [table, indices] = inputs;
  const dims = t.dims(table);
  const [axis] = words;
  const places = t.dims(indices);
  const count = size(places);
  const order = [...t.dims(dy).keys()];
  const gatheredAxes = places.map((_, i) => axis + i);
  const front = transpose(t, dy, [...gatheredAxes, ...order.filter((a) => !gatheredAxes.includes(a))]);
  const rows = reshape(t, front, [count, size(dims) / dims[axis]]);
  const hot = t.op('OneHot', [reshape(t, indices, [count]), t.int(dims[axis]), t.floats([2], [0, 1])]);
  const others = dims.filter((_, a) => a !== axis);
  const product = crossProduct(t, hot, rows);
  const isParameter = !t.nodes.some(({ outputs }) => outputs.includes(table));
  const sums = reshape(t, isParameter ? spreadRows(t, product) : product, [dims[axis], ...others]);
  const back = dims.map((_, a) => (a === axis ? 0 : a < axis ? a + 1 : a));
  return [transpose(t, sums, back), undefined];
};

const depthToSpace: Rule = ({ t, dy, words, inputs }) => {
  const [block, channelsFirst] = words;
  const back = t.op('SpaceToDepth', [dy], { blocksize: block });
  if (channelsFirst === 0) return [back];
  const [n, channels, ...image] = t.dims(inputs[0]);
  const apart = reshape(t, back, [n, block ** 2, channels / block ** 2, ...image]);
  return [reshape(t, transpose(t, apart, [0, 2, 1, 3, 4]), t.dims(inputs[0]))];
};

const spaceToDepth: Rule = ({ t, dy, words }) => [t.op('DepthToSpace', [dy], { blocksize: words[0] })];

const trilu: Rule = ({ t, dy, view, inputs }) => [
  t.op('Trilu', inputs[1] ? [dy, inputs[1]] : [dy], { upper: view.int('upper', 1) }),
];

export const MOVE_RULES: Rules = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: transposed,
  Concat: concat,
  Slice: sliced,
  Split: split,
  Pad: padded,
  Expand: expanded,
  Tile: tiled,
  Gather: gathered,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Trilu: trilu,
};
