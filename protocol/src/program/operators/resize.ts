import type { NodeView } from '../node-view.ts';
import type { OperatorSpec } from './spec.ts';

/** Place o of an axis comes from ⌊(o·num + add) / den⌋, the nearest inside the input. */
interface Steps {
  readonly num: number;
  readonly add: number;
  readonly den: number;
}

type Coordinate = (place: number, unscale: (x: number) => number, size: number, out: number) => number;

const halfPixel: Coordinate = (place, unscale) => Math.fround(unscale(place + 0.5) - 0.5);

/** The coordinate in the input, in float32 as engines compute it. */
const COORDINATES: Readonly<Record<string, Coordinate>> = {
  asymmetric: (place, unscale) => unscale(place),
  half_pixel: halfPixel,
  pytorch_half_pixel: (place, unscale, size, out) => (out > 1 ? halfPixel(place, unscale, size, out) : 0),
  align_corners: (place, _unscale, size, out) => (out > 1 ? Math.fround((place * (size - 1)) / (out - 1)) : 0),
};

const NEAREST: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** What is added to twice the exact coordinate's numerator, in units of its denominator, before the division. */
const OFFSETS: Readonly<Record<string, (den: number) => number>> = {
  round_prefer_floor: (den) => den - 1,
  round_prefer_ceil: (den) => den,
  floor: () => 0,
  ceil: (den) => 2 * den - 1,
};

/** A positive float as a fraction. */
function fraction(x: number): [num: number, den: number] {
  let den = 1;
  while (x * den !== Math.floor(x * den)) den *= 2;
  return [x * den, den];
}

/** The exact rule of one axis; undefined if rounding decides, so that engines may differ. */
function stepsOf(mode: string, nearest: string, scale: number, size: number, out: number): Steps | undefined {
  const ratio = out / size === scale ? [out, size] : fraction(scale);
  const [up, down] = ratio;
  // twice the coordinate is (num·o + add) / den
  const exact: Readonly<Record<string, Steps>> = {
    asymmetric: { num: 2 * down, add: 0, den: up },
    half_pixel: { num: 2 * down, add: down - up, den: up },
    pytorch_half_pixel: out > 1 ? { num: 2 * down, add: down - up, den: up } : { num: 0, add: 0, den: 1 },
    align_corners: out > 1 ? { num: 2 * (size - 1), add: 0, den: out - 1 } : { num: 0, add: 0, den: 1 },
  };
  const { num, add, den } = exact[mode];
  const steps = { num, add: add + OFFSETS[nearest](den), den: 2 * den };
  if (steps.num > 0xffffffff || steps.den > 0xffffffff) return undefined;
  const clamp = (x: number) => Math.min(Math.max(x, 0), size - 1);
  const float = Math.fround(scale);
  // engines divide by the scale, or multiply by its inverse
  const engines = [(x: number) => Math.fround(x / float), (x: number) => Math.fround(x * Math.fround(1 / float))];
  for (let o = 0; o < out; o++) {
    const place = clamp(Math.floor((o * steps.num + steps.add) / steps.den));
    const found = engines.map((unscale) => clamp(NEAREST[nearest](COORDINATES[mode](o, unscale, size, out))));
    if (found.some((other) => other !== place)) return undefined;
  }
  return steps;
}

/** The scale of each axis and the size it gives; axes that a node leaves out stay as they are. */
export function scalesOf(node: NodeView, dims: readonly number[]): { scales: number[]; sizes: number[] } {
  const axes = (node.ints('axes') ?? [...dims.keys()]).map((axis) => node.axis(axis, dims.length));
  const scales = dims.map(() => 1);
  const sizes = [...dims];
  if (node.has(3)) {
    const given = node.constantInts(3);
    if (given.length !== axes.length || given.some((n) => n < 1)) throw node.malformed(`sizes [${given}]`);
    const ratios = axes.map((axis, i) => given[i] / dims[axis]);
    const policy = node.text('keep_aspect_ratio_policy', 'stretch');
    if (!['stretch', 'not_larger', 'not_smaller'].includes(policy)) {
      throw node.unsupported('keep_aspect_ratio_policy', `is ${policy}`);
    }
    const kept = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
    axes.forEach((axis, i) => {
      scales[axis] = policy === 'stretch' ? ratios[i] : kept;
      sizes[axis] = policy === 'stretch' ? given[i] : Math.floor(kept * dims[axis] + 0.5);
    });
    return { sizes, scales };
  }
  const tensor = node.constant(2);
  if (tensor?.dtype !== 'float32' || tensor.bytes.length !== 4 * axes.length) {
    throw node.error('ONNX_DYNAMIC_SHAPE', 'its scales are no constant of one float an axis', 'Make them constants.');
  }
  const given = [...new Float32Array(tensor.bytes.slice().buffer)];
  if (given.some((s) => !(s > 0) || !Number.isFinite(s))) throw node.malformed(`scales [${given}]`);
  axes.forEach((axis, i) => {
    scales[axis] = given[i];
    sizes[axis] = Math.floor(dims[axis] * given[i]);
  });
  return { scales, sizes };
}

/** Resize to the nearest element. */
export const resize: OperatorSpec = {
  versions: [13, 18, 19],
  lower(node) {
    node.arity(1, 4);
    const { dtype, dims } = node.shape(0);
    if (node.text('mode', 'nearest') !== 'nearest') throw node.unsupported('mode', 'is not nearest');
    // these say something of other modes only
    node.int('antialias', 0);
    node.float('cubic_coeff_a', 0);
    node.int('exclude_outside', 0);
    node.float('extrapolation_value', 0);
    const mode = node.text('coordinate_transformation_mode', 'half_pixel');
    const nearest = node.text('nearest_mode', 'round_prefer_floor');
    if (!Object.hasOwn(COORDINATES, mode)) throw node.unsupported('coordinate_transformation_mode', `is ${mode}`);
    if (!Object.hasOwn(NEAREST, nearest)) throw node.unsupported('nearest_mode', `is ${nearest}`);
    const { scales, sizes } = scalesOf(node, dims);
    const words = dims.flatMap((size, axis) => {
      const steps = stepsOf(mode, nearest, scales[axis], size, sizes[axis]);
      if (steps) return [steps.num, steps.add, steps.den];
      throw node.unsupported('scales', `of axis ${axis} lets rounding choose between elements`);
    });
    return { operands: [0], attributes: words, output: { dtype, dims: sizes } };
  },
};
