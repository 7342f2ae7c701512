import { pad, reshape, slice, total, transpose } from '../arithmetic.ts';
import { cuts, summed } from '../sums.ts';
import type { Tape } from '../tape.ts';
import type { Rule, Rules } from './rule.ts';
import { wanted } from './rule.ts';

/** Most products in one element of a filter's gradient: a batch of images beyond it is cut into parts. */
export const LONGEST_CONVOLUTION = 1024;

/** How a filter slides, two numbers each, from the words of a Conv. */
interface Sliding {
  readonly strides: readonly number[];
  readonly begin: readonly number[];
  readonly dilations: readonly number[];
  readonly group: number;
}
const slidingOf = (words: readonly number[]): Sliding => ({
  strides: words.slice(0, 2),
  begin: words.slice(2, 4),
  dilations: words.slice(4, 6),
  group: words[6],
});

const conv: Rule = (node) => {
  const { t, dy, inputs, words } = node;
  const [x, w] = inputs;
  const sliding = slidingOf(words);
  return [
    wanted(node, 0, () => imageGradient(t, dy, w, t.dims(x), sliding)),
    wanted(node, 1, () => filterGradient(t, x, dy, t.dims(w), sliding)),
    wanted(node, 2, () => summed(t, dy, [0, 2, 3], false)),
  ];
};

/** Each result's gradient goes back through the filter to where it came from. */
function imageGradient(t: Tape, dy: string, w: string, image: readonly number[], sliding: Sliding): string {
  const { strides, begin, dilations, group } = sliding;
  const [kernel, results] = [t.dims(w).slice(2), t.dims(dy).slice(2)];
  const reach = [0, 1].map((i) => strides[i] * (results[i] - 1) + (kernel[i] - 1) * dilations[i] + 1);
  const pads = [...begin, ...[0, 1].map((i) => Math.max(0, reach[i] - begin[i] - image[2 + i]))];
  const missing = [0, 1].map((i) => image[2 + i] - (reach[i] - pads[i] - pads[2 + i]));
  const out = t.op('ConvTranspose', [dy, w], {
    strides: [...strides],
    pads,
    dilations: [...dilations],
    group,
  });
  return pad(t, out, [0, 0, 0, 0], [0, 0, ...missing]);
}

/**
 * The image with channels as its batch, convolved with the result's gradient as filter, which steps as the filter was
 * spread and is spread as the filter stepped. Parts of the batch are summed.
 */
function filterGradient(t: Tape, x: string, dy: string, filter: readonly number[], sliding: Sliding): string {
  const { strides, begin, dilations, group } = sliding;
  const [n, channels, height, width] = t.dims(x);
  const [, , rows, columns] = t.dims(dy);
  const each = channels / group;
  const end = [height, width].map((d, i) => {
    const used = (t.dims(dy)[2 + i] - 1) * strides[i] + (filter[2 + i] - 1) * dilations[i] + 1;
    return used - d - begin[i];
  });
  // pads of a Conv are never negative: rows that no window reaches are cut off instead
  const cut = pad(t, x, [0, 0, 0, 0], [0, 0, ...end.map((e) => Math.min(0, e))]);
  const pads = [...begin, ...end.map((e) => Math.max(0, e))];
  const [h, w] = t.dims(cut).slice(2);
  const most = Math.max(1, Math.floor(LONGEST_CONVOLUTION / (rows * columns)));
  const parts = cuts(n, most).map(([first, last]) => {
    const count = last - first;
    const image = reshape(
      t,
      transpose(t, reshape(t, slice(t, cut, 0, first, last), [count, group, each, h, w]), [2, 1, 0, 3, 4]),
      [each, group * count, h, w],
    );
    const filters = transpose(t, slice(t, dy, 0, first, last), [1, 0, 2, 3]);
    return t.op('Conv', [image, filters], { strides: [...dilations], pads, dilations: [...strides], group });
  });
  const sums = total(t, parts);
  return transpose(t, sums, [1, 0, 2, 3]);
}

/** A transposed convolution's image has the gradient of a convolution, and its filter that of one with places swapped. */
const convTranspose: Rule = (node) => {
  const { t, dy, inputs, words } = node;
  const [x, w] = inputs;
  const { strides, begin, dilations, group } = slidingOf(words);
  const kernel = t.dims(w).slice(2);
  const end = [0, 1].map(
    (i) => (t.dims(x)[2 + i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - begin[i] - t.dims(dy)[2 + i],
  );
  const cut = pad(t, dy, [0, 0, 0, 0], [0, 0, ...end.map((e) => Math.min(0, e))]);
  const pads = [...begin, ...end.map((e) => Math.max(0, e))];
  const back = { strides: [...strides], pads, dilations: [...dilations], group };
  return [
    wanted(node, 0, () => t.op('Conv', [cut, w], back)),
    wanted(node, 1, () => filterGradient(t, dy, x, t.dims(w), { strides, begin, dilations, group })),
    wanted(node, 2, () => summed(t, dy, [0, 2, 3], false)),
  ];
};

export const CONVOLUTION_RULES: Rules = { Conv: conv, ConvTranspose: convTranspose };
