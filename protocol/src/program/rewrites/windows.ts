import type { Attribute, OnnxNode } from '../../onnx/model.ts';
import type { NodeView } from '../node-view.ts';
import { readWindow } from '../operators/window.ts';
import type { Pieces } from './pieces.ts';
import { convolutionInParts, transposedInParts } from './products.ts';
import type { Rewriting } from './rewrite.ts';

/** Attributes that say something of each dimension, with what they say of one that does nothing. */
const PER_AXIS = { kernel_shape: 1n, strides: 1n, dilations: 1n, output_padding: 0n };

/** Attributes of a window over some axes of one over `rank` of them; others are idle. */
function along(attributes: OnnxNode['attributes'], rank: number, axes: readonly (number | undefined)[]) {
  const chosen = new Map<string, Attribute>(attributes);
  for (const [name, idle] of Object.entries({ ...PER_AXIS, pads: 0n })) {
    const attribute = attributes.get(name);
    if (attribute?.kind !== 'ints') continue;
    const pick = (from: number): bigint[] =>
      axes.map((axis) => (axis === undefined ? idle : (attribute.value[from + axis] ?? idle)));
    chosen.set(name, { kind: 'ints', value: name === 'pads' ? [...pick(0), ...pick(rank)] : pick(0) });
  }
  return chosen;
}

/** A window of one dimension is one of two, the first of them 1 long. */
function flat(node: NodeView, pieces: Pieces, weight?: number): string {
  const lift = (name: string): string => {
    const [n, c, length] = pieces.dims(name);
    return pieces.reshape(name, [n, c, 1, length]);
  };
  const inputs = pieces.inputs.map((name, slot) => (slot === 0 || slot === weight ? lift(name) : name));
  const y = `${pieces.output()}~flat`;
  const shape = node.ints('output_shape');
  const attributes = along(pieces.attributes, 1, [undefined, 0]);
  if (shape) attributes.set('output_shape', { kind: 'ints', value: [1n, BigInt(shape[0])] });
  pieces.again({ inputs, attributes, outputs: [y] });
  const [n, c, , length] = pieces.dims(y);
  pieces.reshape(y, [n, c, length], pieces.output());
  return 'its window has one dimension';
}

/** Pooling goes along one axis after another. */
const pool: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  if (node.results !== 1 || dims.length === 4) return undefined;
  if (dims.length === 3) return flat(node, pieces);
  if (dims.length !== 5) return undefined;
  const [n, c, d, h, w] = dims;
  const images = pieces.reshape(pieces.input(0), [n, c * d, h, w]);
  const inner = `${pieces.output()}~images`;
  pieces.again({ inputs: [images], outputs: [inner], attributes: along(pieces.attributes, 3, [1, 2]) });
  const [, , height, width] = pieces.dims(inner);
  const columns = pieces.reshape(inner, [n, c, d, height * width]);
  const outer = `${pieces.output()}~depths`;
  pieces.again({ inputs: [columns], outputs: [outer], attributes: along(pieces.attributes, 3, [0, undefined]) });
  pieces.reshape(outer, [n, c, pieces.dims(outer)[2], height, width], pieces.output());
  return 'its window has three dimensions';
};

/** Every `step`-th depth from each of `starts` on, beside one another as channels of images: [n·depth, c·starts, h, w]. */
function stacked(pieces: Pieces, x: string, starts: readonly number[], depth: number, step: number): string {
  const [n, c, , h, w] = pieces.dims(x);
  const parts = starts.map((start) =>
    pieces.reshape(pieces.slice(x, 2, start, start + (depth - 1) * step + 1, step), [n, c, 1, depth, h, w]),
  );
  const stack = pieces.transpose(pieces.concat(parts, 2), [0, 3, 1, 2, 4, 5]);
  return pieces.reshape(stack, [n * depth, c * starts.length, h, w]);
}

/** Images as the depths of volumes again. */
function unstacked(pieces: Pieces, images: string, n: number, depth: number): void {
  const [, c, h, w] = pieces.dims(images);
  pieces.transpose(pieces.reshape(images, [n, depth, c, h, w]), [0, 2, 1, 3, 4], pieces.output());
}

const padded = (pieces: Pieces, x: string, begin: number, end: number): string =>
  begin === 0 && end === 0 ? x : pieces.make('Pad', [x, pieces.ints([0, 0, begin, 0, 0, 0, 0, end, 0, 0])]);

/** A convolution of volumes is one of images that hold, as channels, all depths that a filter sees. */
const convolution =
  (weight: number): Rewriting =>
  (node, pieces) => {
    const { dims } = node.shape(0);
    if (dims.length === 3) return flat(node, pieces, weight);
    if (node.type !== 'Conv') return undefined;
    if (dims.length === 4) return convolutionInParts(node, pieces);
    if (dims.length !== 5) return undefined;
    const filter = node.shape(weight).dims;
    const { strides, begin, dilations, output } = readWindow(node, dims.slice(2), filter.slice(2));
    const [m, c, kd, kh, kw] = filter;
    const [depth] = output;
    const reach = (depth - 1) * strides[0] + (kd - 1) * dilations[0] + 1;
    const x = padded(pieces, pieces.input(0), begin[0], Math.max(0, reach - begin[0] - dims[2]));
    const starts = Array.from({ length: kd }, (_, k) => k * dilations[0]);
    const images = stacked(pieces, x, starts, depth, strides[0]);
    const filters = pieces.reshape(pieces.input(weight), [m, c * kd, kh, kw]);
    const y = `${pieces.output()}~images`;
    const inputs = [images, filters, ...pieces.inputs.slice(2)];
    pieces.again({ inputs, outputs: [y], attributes: along(pieces.attributes, 3, [1, 2]) });
    unstacked(pieces, y, dims[0], depth);
    return 'its window has three dimensions';
  };

/** The same where the filters are transposed: depths are spread out by the stride, and seen backwards. */
const transposed: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  if (dims.length === 3) return flat(node, pieces, 1);
  if (dims.length === 4) return transposedInParts(node, pieces);
  if (dims.length !== 5 || node.ints('output_shape') || node.text('auto_pad', 'NOTSET') !== 'NOTSET') return undefined;
  const [n, c, d, h, w] = dims;
  const [, m, kd, kh, kw] = node.shape(1).dims;
  const first = (name: string, idle: number): number => node.ints(name)?.[0] ?? idle;
  const [stride, dilation, begin] = [first('strides', 1), first('dilations', 1), first('pads', 0)];
  const reach = (kd - 1) * dilation;
  const depth = stride * (d - 1) + first('output_padding', 0) + reach + 1 - begin - (node.ints('pads')?.[3] ?? 0);
  if (depth < 1) return undefined;
  const rows = pieces.reshape(pieces.input(0), [n, c, d, 1, h * w]);
  const spread = stride === 1 ? rows : pieces.make('Pad', [rows, pieces.ints([0, 0, 0, 0, 0, 0, 0, 0, stride - 1, 0])]);
  const volume = pieces.reshape(spread, [n, c, d * stride, h, w]);
  const x = padded(pieces, volume, reach, Math.max(0, depth + begin - d * stride));
  const starts = Array.from({ length: kd }, (_, k) => reach + begin - k * dilation);
  const images = stacked(pieces, x, starts, depth, 1);
  const filters = pieces.reshape(pieces.transpose(pieces.input(1), [0, 2, 1, 3, 4]), [c * kd, m, kh, kw]);
  const y = `${pieces.output()}~images`;
  const inputs = [images, filters, ...pieces.inputs.slice(2)];
  pieces.again({ inputs, outputs: [y], attributes: along(pieces.attributes, 3, [1, 2]) });
  unstacked(pieces, y, n, depth);
  return 'its window has three dimensions';
};

/** Windows of one and three dimensions. */
export const WINDOWS: Readonly<Record<string, Rewriting>> = {
  Conv: convolution(1),
  ConvInteger: convolution(1),
  QLinearConv: convolution(3),
  ConvTranspose: transposed,
  MaxPool: pool,
  AveragePool: pool,
};
