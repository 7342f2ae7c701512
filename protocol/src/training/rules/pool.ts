import { div, keep, pad, reshape, scale } from '../arithmetic.ts';
import type { Tape } from '../tape.ts';
import type { Rule, Rules } from './rule.ts';

/** How a window of a pool slides, two numbers each, from the operator's words. */
interface Pooling {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly begin: readonly number[];
  readonly dilations: readonly number[];
}
const poolingOf = (words: readonly number[]): Pooling => ({
  kernel: words.slice(0, 2),
  strides: words.slice(2, 4),
  begin: words.slice(4, 6),
  dilations: words.slice(6, 8),
});

/** What stands at each place of every window: one tensor of the result's shape for each place. */
function windows(t: Tape, x: string, results: readonly number[], p: Pooling, filler: number): string[] {
  const [height, width] = t.dims(x).slice(2);
  const reach = [0, 1].map((i) => (results[2 + i] - 1) * p.strides[i] + (p.kernel[i] - 1) * p.dilations[i] + 1);
  const end = [reach[0] - p.begin[0] - height, reach[1] - p.begin[1] - width];
  const pads = [0, 0, ...p.begin, 0, 0, ...end];
  const image = pads.some((n) => n !== 0) ? t.op('Pad', [x, t.ints(pads), t.scalar(filler)]) : x;
  return places(p).map(([i, j]) => {
    const starts = [i * p.dilations[0], j * p.dilations[1]];
    const ends = starts.map((start, axis) => start + (results[2 + axis] - 1) * p.strides[axis] + 1);
    return t.op('Slice', [image, t.ints(starts), t.ints(ends), t.ints([2, 3]), t.ints([...p.strides])]);
  });
}

const places = ({ kernel }: Pooling): [number, number][] =>
  Array.from({ length: kernel[0] * kernel[1] }, (_, at) => [Math.floor(at / kernel[1]), at % kernel[1]]);

/** Puts the places of all windows back to the image and adds up what meets: a transposed convolution by ones. */
function putBack(t: Tape, parts: readonly string[], image: readonly number[], p: Pooling): string {
  const [n, channels, ...results] = t.dims(parts[0]);
  const count = parts.length;
  const apart = parts.map((part) => reshape(t, part, [n, channels, 1, ...results]));
  const stacked = count === 1 ? apart[0] : t.op('Concat', apart, { axis: 2 });
  const ones = new Float32Array(channels * count * count);
  for (let c = 0; c < channels; c++) for (let at = 0; at < count; at++) ones[(c * count + at) * count + at] = 1;
  const filter = t.floats([channels * count, 1, ...p.kernel], ones);
  return spread(t, reshape(t, stacked, [n, channels * count, ...results]), filter, channels, image, p);
}

function spread(t: Tape, a: string, filter: string, group: number, image: readonly number[], p: Pooling): string {
  const reach = [0, 1].map((i) => (t.dims(a)[2 + i] - 1) * p.strides[i] + (p.kernel[i] - 1) * p.dilations[i] + 1);
  const end = [0, 1].map((i) => reach[i] - p.begin[i] - image[2 + i]);
  const out = t.op('ConvTranspose', [a, filter], {
    strides: [...p.strides],
    pads: [...p.begin, ...end.map((e) => Math.max(0, e))],
    dilations: [...p.dilations],
    group,
  });
  return pad(t, out, [0, 0, 0, 0], [0, 0, ...end.map((e) => Math.max(0, -e))]);
}

/** The gradient goes to the first greatest element of each window. */
const maxPool: Rule = ({ t, dy, inputs, outputs, words }) => {
  const p = poolingOf(words);
  const [x] = inputs;
  let taken: string | undefined;
  const parts = windows(t, x, t.dims(outputs[0]), p, -3.4e38).map((element) => {
    const greatest = t.op('Equal', [element, outputs[0]]);
    const first = taken ? t.op('And', [greatest, t.op('Not', [taken])]) : greatest;
    taken = taken ? t.op('Or', [taken, greatest]) : greatest;
    return keep(t, first, dy);
  });
  return [putBack(t, parts, t.dims(x), p)];
};

/** The gradient of a mean goes to all elements of its window alike. */
const averagePool: Rule = ({ t, dy, inputs, words }) => {
  const p = poolingOf(words);
  const counted = words[8] === 1;
  const image = t.dims(inputs[0]);
  const shared = counted ? scale(t, dy, 1 / (p.kernel[0] * p.kernel[1])) : div(t, dy, counts(t, t.dims(dy), image, p));
  const ones = t.floats([image[1], 1, ...p.kernel], new Float32Array(image[1] * p.kernel[0] * p.kernel[1]).fill(1));
  return [spread(t, shared, ones, image[1], image, p)];
};

/** How many elements of the image are in each window. */
function counts(t: Tape, results: readonly number[], image: readonly number[], p: Pooling): string {
  const inside = [0, 1].map((i) =>
    Array.from({ length: results[2 + i] }, (_, at) => {
      const first = at * p.strides[i] - p.begin[i];
      const hits = Array.from({ length: p.kernel[i] }, (_, k) => first + k * p.dilations[i]);
      return hits.filter((place) => place >= 0 && place < image[2 + i]).length;
    }),
  );
  return t.floats(
    [results[2], results[3]],
    inside[0].flatMap((rows) => inside[1].map((columns) => rows * columns)),
  );
}

export const POOL_RULES: Rules = { MaxPool: maxPool, AveragePool: averagePool };
