import { scalesOf } from '../operators/resize.ts';
import type { Rewriting } from './rewrite.ts';

/** `length` is what the scale makes of the operand's `size`, before it is rounded to the places that the result has. */
type Coordinate = (place: number, scale: number, size: number, length: number, out: number) => number;

/** Where a place of the result lies in the operand. */
const COORDINATES: Readonly<Record<string, Coordinate>> = {
  asymmetric: (o, scale) => o / scale,
  half_pixel: (o, scale) => (o + 0.5) / scale - 0.5,
  half_pixel_symmetric: (o, scale, size, length, out) => {
    const adjustment = out / length;
    return (size / 2) * (1 - adjustment) + (o + 0.5) / scale - 0.5;
  },
  pytorch_half_pixel: (o, scale, _size, length) => (length > 1 ? (o + 0.5) / scale - 0.5 : 0),
  align_corners: (o, _scale, size, length) => (length > 1 ? (o * (size - 1)) / (length - 1) : 0),
};

/** The share of the neighbour at a distance. */
const KERNELS: Readonly<Record<string, (distance: number, a: number) => number>> = {
  linear: (d) => Math.max(0, 1 - d),
  cubic: (d, a) =>
    d <= 1 ? (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1 : d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0,
};

/**
 * Resizing between elements is linear in them: along each axis a product with a constant matrix. The largest number
 * of elements of such a matrix that is worth the space it takes:
 */
const LARGEST = 1 << 24;

const resize: Rewriting = (node, pieces) => {
  const mode = node.text('mode', 'nearest');
  const where = node.text('coordinate_transformation_mode', 'half_pixel');
  const kernel = KERNELS[mode];
  const coordinate = COORDINATES[where];
  if (!kernel || !coordinate || node.int('antialias', 0) !== 0 || node.shape(0).dtype !== 'float32') return undefined;
  // these say something of other modes only
  node.text('nearest_mode', '');
  node.text('keep_aspect_ratio_policy', '');
  node.float('extrapolation_value', 0);
  const { dims } = node.shape(0);
  const { scales, sizes } = scalesOf(node, dims);
  const [a, exclude] = [node.float('cubic_coeff_a', -0.75), node.int('exclude_outside', 0) !== 0];
  const axes = [...dims.keys()].filter((axis) => dims[axis] !== sizes[axis]);
  if (axes.some((axis) => dims[axis] * sizes[axis] > LARGEST)) return undefined;
  let x = pieces.input(0);
  for (const axis of axes) {
    const [size, out] = [dims[axis], sizes[axis]];
    const matrix = new Float64Array(size * out);
    for (let o = 0; o < out; o++) {
      const at = coordinate(o, scales[axis], size, node.has(3) ? out : scales[axis] * size, out);
      const first = Math.floor(at) - 1;
      const shares = [0, 1, 2, 3].map((i) => [first + i, kernel(Math.abs(at - first - i), a)]);
      const inside = shares.filter(([place]) => place >= 0 && place < size);
      const sum = exclude ? inside.reduce((total, [, share]) => total + share, 0) : 1;
      for (const [place, share] of exclude ? inside : shares) {
        matrix[Math.min(Math.max(place, 0), size - 1) * out + o] += share / sum;
      }
    }
    const rank = dims.length;
    const last = [...Array(rank).keys()].map((i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));
    const along = axis === rank - 1 ? x : pieces.transpose(x, last);
    const made = pieces.make('MatMul', [along, pieces.floats([...matrix], [size, out])]);
    x = axis === rank - 1 ? made : pieces.transpose(made, last);
  }
  pieces.make('Identity', [x], { as: pieces.output() });
  return `it is ${mode}`;
};

/** Resizing that computes what lies between elements. */
export const RESIZED: Readonly<Record<string, Rewriting>> = { Resize: resize };
