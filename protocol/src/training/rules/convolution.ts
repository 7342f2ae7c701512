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
 * spread and is spread as the filter stepped. Parts of the batch, and of the rows of large images, are summed.
 */
function filterGradient(t: Tape, x: string, dy: string, filter: readonly number[], sliding: Sliding): string {
  const { strides, begin, dilations } = sliding;
  const [n, , rows, columns] = t.dims(dy);
  const reach = [0, 1].map((i) => (filter[2 + i] - 1) * dilations[i] + 1);
  const end = [0, 1].map((i) => (t.dims(dy)[2 + i] - 1) * strides[i] + reach[i] - begin[i] - t.dims(x)[2 + i]);
  if (rows * columns <= LONGEST_CONVOLUTION) {
    // pads of a Conv are never negative: rows that no window reaches are cut off instead
    const cut = pad(t, x, [0, 0, 0, 0], [0, 0, ...end.map((e) => Math.min(0, e))]);
    const pads = [...begin, ...end.map((e) => Math.max(0, e))];
    const parts = cuts(n, Math.floor(LONGEST_CONVOLUTION / (rows * columns))).map(([first, last]) =>
      filterPart(t, slice(t, cut, 0, first, last), slice(t, dy, 0, first, last), pads, sliding),
    );
    return transpose(t, total(t, parts), [1, 0, 2, 3]);
  }
  const image = pad(t, x, [0, 0, ...begin], [0, 0, ...end]);
  const bands = cuts(rows, Math.max(1, Math.floor(LONGEST_CONVOLUTION / columns))).flatMap(([top, bottom]) => {
    const seen = slice(t, image, 2, top * strides[0], (bottom - 1) * strides[0] + reach[0]);
    const band = slice(t, dy, 2, top, bottom);
    return cuts(n, 1).map(([first, last]) =>
      filterPart(t, slice(t, seen, 0, first, last), slice(t, band, 0, first, last), [0, 0, 0, 0], sliding),
    );
  });
  return transpose(t, total(t, bands), [1, 0, 2, 3]);
}

/** The same of some images, batch and channels of the filter still swapped. */
function filterPart(t: Tape, x: string, dy: string, pads: readonly number[], sliding: Sliding): string {
  const { strides, dilations, group } = sliding;
  const [n, channels, height, width] = t.dims(x);
  const each = channels / group;
  const apart = transpose(t, reshape(t, x, [n, group, each, height, width]), [2, 1, 0, 3, 4]);
  const image = reshape(t, apart, [each, group * n, height, width]);
  const filters = transpose(t, dy, [1, 0, 2, 3]);
  return t.op('Conv', [image, filters], { strides: [...dilations], pads: [...pads], dilations: [...strides], group });
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
