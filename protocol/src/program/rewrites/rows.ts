import type { NodeView } from '../node-view.ts';
import type { Pieces } from './pieces.ts';
import type { Rewriting } from './rewrite.ts';

/** Elements of each part of a row that is too long to be opened whole. */
const ROW = 8192;
/** Elements that a row may have at most, by how it is judged; the compiler refuses little more. */
const SUMMED_ROW = 13_000;
const ORDERED_ROW = 10_800;
const QUANTISED = 24_000;
const SOFTMAX_ROW = 16_384;
const LONGEST_ROW = 14_336;

const count = (dims: readonly number[], axes: readonly number[]): number => axes.reduce((n, axis) => n * dims[axis], 1);

/** The axes that a reduction names, all by default. */
export function reducedAxes(node: NodeView): number[] {
  const rank = node.shape(0).dims.length;
  const given = node.ints('axes') ?? (node.has(1) ? node.constantInts(1) : []);
  const noop = node.int('noop_with_empty_axes', 0) !== 0;
  if (given.length === 0 && noop) return [];
  const axes = given.length > 0 ? given : Array.from({ length: rank }, (_, axis) => axis);
  return axes.map((axis) => node.axis(axis, rank)).sort((a, b) => a - b);
}

/** The reduction of `x` in steps of at most ROW elements; reduced axes stay, 1 long. */
export function reduceInSteps(pieces: Pieces, type: string, x: string, axes: readonly number[]): string {
  let [value, left] = [x, [...axes]];
  while (left.length > 0) {
    const dims = pieces.dims(value);
    const longest = left.find((axis) => dims[axis] > ROW);
    if (longest !== undefined) {
      const parts: string[] = [];
      const size = Math.ceil(dims[longest] / Math.ceil(dims[longest] / ROW));
      for (let start = 0; start < dims[longest]; start += size) {
        const part = pieces.slice(value, longest, start, Math.min(dims[longest], start + size));
        parts.push(pieces.reduce(type, part, [longest], true));
      }
      value = pieces.concat(parts, longest);
      continue;
    }
    const group: number[] = [];
    for (const axis of left.toReversed()) if (count(dims, [...group, axis]) <= ROW) group.push(axis);
    value = pieces.reduce(
      type,
      value,
      group.sort((a, b) => a - b),
      true,
    );
    left = left.filter((axis) => !group.includes(axis));
  }
  return value;
}

/** The mean of `x` over some axes, which stay. */
export function meanInSteps(pieces: Pieces, x: string, axes: readonly number[]): string {
  const n = count(pieces.dims(x), axes);
  if (n <= ROW) return pieces.reduce('ReduceMean', x, axes, true);
  return pieces.make('Div', [reduceInSteps(pieces, 'ReduceSum', x, axes), pieces.scalar(n)]);
}

/** Gives the result of a reduction, whose axes are still there, its shape and name. */
export function finishReduction(
  node: NodeView,
  pieces: Pieces,
  value: string,
  axes: readonly number[],
  always = false,
): void {
  const keep = always || node.int('keepdims', 1) !== 0;
  const left = node.shape(0).dims.flatMap((d, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [d]));
  pieces.reshape(value, left, pieces.output());
}

const reduction: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const whole = node.type.startsWith('Global');
  const axes = whole ? [...dims.keys()].slice(2) : reducedAxes(node);
  const n = count(dims, axes);
  const type = whole ? `Reduce${node.type === 'GlobalMaxPool' ? 'Max' : 'Mean'}` : node.type;
  if (n <= (type === 'ReduceSum' || type === 'ReduceMean' ? SUMMED_ROW : ORDERED_ROW)) return undefined;
  const value =
    type === 'ReduceMean'
      ? meanInSteps(pieces, pieces.input(0), axes)
      : reduceInSteps(pieces, type, pieces.input(0), axes);
  finishReduction(node, pieces, value, axes, whole);
  return `it reduces ${n} elements`;
};

const softmax: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const axis = node.axis(node.int('axis', -1), dims.length);
  if (dims[axis] <= SOFTMAX_ROW) return undefined;
  const x = pieces.make('Sub', [pieces.input(0), reduceInSteps(pieces, 'ReduceMax', pieces.input(0), [axis])]);
  const e = pieces.make('Exp', [x]);
  const sum = reduceInSteps(pieces, 'ReduceSum', e, [axis]);
  if (node.type === 'Softmax') pieces.make('Div', [e, sum], { as: pieces.output() });
  else pieces.make('Sub', [x, pieces.make('Log', [sum])], { as: pieces.output() });
  return `its rows have ${dims[axis]} elements`;
};

/**
 * `x` less its mean over some axes, and divided by its deviation; `centred`: whether the mean is taken away, else only
 * the root of the mean square divides. The mean and the inverse of the root get the names given.
 */
export function normalised(
  pieces: Pieces,
  x: string,
  axes: readonly number[],
  epsilon: number,
  { centred = true, mean, inverse }: { centred?: boolean; mean?: string; inverse?: string } = {},
): string {
  const middle = centred ? meanInSteps(pieces, x, axes) : undefined;
  const d = middle === undefined ? x : pieces.make('Sub', [x, middle]);
  if (mean && middle !== undefined) pieces.make('Identity', [middle], { as: mean });
  const variance = meanInSteps(pieces, pieces.make('Mul', [d, d]), axes);
  const root = pieces.make('Sqrt', [pieces.make('Add', [variance, pieces.scalar(epsilon)])]);
  if (inverse) pieces.make('Reciprocal', [root], { as: inverse });
  return pieces.make('Div', [d, root]);
}

const layer: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const first = node.axis(node.int('axis', -1), dims.length);
  const axes = [...dims.keys()].slice(first);
  const n = count(dims, axes);
  if ((n <= LONGEST_ROW && node.results === 1) || node.int('stash_type', 1) !== 1) return undefined;
  const centred = node.type === 'LayerNormalization';
  const names = centred ? { mean: pieces.output(1), inverse: pieces.output(2) } : { centred };
  const y = normalised(pieces, pieces.input(0), axes, node.float('epsilon', 1e-5), names);
  const scaled = pieces.make('Mul', [y, pieces.input(1)], { as: node.has(2) ? undefined : pieces.output() });
  if (node.has(2)) pieces.make('Add', [scaled, pieces.input(2)], { as: pieces.output() });
  return node.results > 1 ? 'its mean and deviation are asked for' : `its rows have ${n} elements`;
};

/** Instances and groups of channels: rows of their own, then scale and bias by channel. */
const channels: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const groups = node.type === 'GroupNormalization' ? node.int('num_groups', 1) : dims[1];
  const n = (dims[1] / groups) * count(dims, [...dims.keys()].slice(2));
  if (n <= LONGEST_ROW || node.int('stash_type', 1) !== 1) return undefined;
  const rows = pieces.reshape(pieces.input(0), [dims[0], groups, n]);
  const y = pieces.reshape(normalised(pieces, rows, [2], node.float('epsilon', 1e-5)), dims);
  const across = (slot: number) => pieces.reshape(pieces.input(slot), [dims[1], ...dims.slice(2).map(() => 1)]);
  const scaled = pieces.make('Mul', [y, across(1)]);
  pieces.make('Add', [scaled, across(2)], { as: pieces.output() });
  return `its rows have ${n} elements`;
};

/** The first of each part, and the first of those: equal elements keep their order. */
const topK: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const axis = node.axis(node.int('axis', -1), dims.length);
  const [k] = node.constantInts(1);
  const parts = Math.ceil(dims[axis] / ROW);
  if (dims[axis] <= ORDERED_ROW || parts * k > ROW) return undefined;
  const size = Math.ceil(dims[axis] / parts);
  const values: string[] = [];
  const indices: string[] = [];
  const first = (x: string, most: number, name: string): [string, string] => {
    const outputs = [`${pieces.output()}~${name}values`, `${pieces.output()}~${name}indices`];
    pieces.again({ inputs: [x, pieces.ints([most])], outputs });
    return [outputs[0], outputs[1]];
  };
  for (let start = 0; start < dims[axis]; start += size) {
    const end = Math.min(dims[axis], start + size);
    const [value, index] = first(pieces.slice(pieces.input(0), axis, start, end), Math.min(k, end - start), `${start}`);
    values.push(value);
    indices.push(pieces.make('Add', [index, pieces.ints([start], [])]));
  }
  const [value, place] = first(pieces.concat(values, axis), k, '');
  if (pieces.output(0)) pieces.make('Identity', [value], { as: pieces.output(0) });
  if (pieces.output(1)) {
    const all = pieces.concat(indices, axis);
    pieces.make('GatherElements', [all, place], { attributes: { axis }, as: pieces.output(1) });
  }
  return `its rows have ${dims[axis]} elements`;
};

/** Running sums of parts, each with what the parts before it add up to. */
const cumSum: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const axis = node.axis(node.constantInts(1)[0], dims.length);
  if (dims[axis] <= SUMMED_ROW) return undefined;
  const size = Math.ceil(dims[axis] / Math.ceil(dims[axis] / ROW));
  const starts = Array.from({ length: Math.ceil(dims[axis] / size) }, (_, i) => i * size);
  const backwards = node.int('reverse', 0) !== 0;
  const sums = new Map<number, string>();
  let before: string | undefined;
  for (const start of backwards ? starts.toReversed() : starts) {
    const part = pieces.slice(pieces.input(0), axis, start, Math.min(dims[axis], start + size));
    const running = `${pieces.output()}~from${start}`;
    pieces.again({ inputs: [part, pieces.input(1)], outputs: [running] });
    sums.set(start, before === undefined ? running : pieces.make('Add', [running, before]));
    const sum = pieces.reduce('ReduceSum', part, [axis], true);
    before = before === undefined ? sum : pieces.make('Add', [before, sum]);
  }
  pieces.concat(
    starts.map((start) => sums.get(start)!),
    axis,
    pieces.output(),
  );
  return `its rows have ${dims[axis]} elements`;
};

/** Scale and zero point of a tensor that is too large to be opened whole, by its least and greatest element. */
const dynamicQuantize: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const axes = [...dims.keys()];
  const n = count(dims, axes);
  if (n <= QUANTISED) return undefined;
  const bound = (type: 'Max' | 'Min'): string => {
    const found = pieces.reshape(reduceInSteps(pieces, `Reduce${type}`, pieces.input(0), axes), []);
    return pieces.make(type, [found, pieces.scalar(0)]);
  };
  const [high, low] = [bound('Max'), bound('Min')];
  const width = pieces.make('Sub', [high, low]);
  const scale = pieces.make('Div', [width, pieces.scalar(255)], { as: pieces.output(1) });
  const none = pieces.constant({ dtype: 'uint8', dims: [], bytes: new Uint8Array(1) });
  const zero = pieces.make('QuantizeLinear', [pieces.make('Neg', [low]), scale, none], { as: pieces.output(2) });
  pieces.make('QuantizeLinear', [pieces.input(0), scale, zero], { as: pieces.output() });
  return `its scale depends on ${n} elements`;
};

/** Rows too long to be opened whole. */
export const ROWS: Readonly<Record<string, Rewriting>> = {
  ReduceMax: reduction,
  ReduceMin: reduction,
  ReduceSum: reduction,
  ReduceMean: reduction,
  GlobalMaxPool: reduction,
  GlobalAveragePool: reduction,
  Softmax: softmax,
  LogSoftmax: softmax,
  LayerNormalization: layer,
  RMSNormalization: layer,
  InstanceNormalization: channels,
  GroupNormalization: channels,
  TopK: topK,
  CumSum: cumSum,
  DynamicQuantizeLinear: dynamicQuantize,
};
