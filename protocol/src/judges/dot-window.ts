import type { Operator } from '../program/types.ts';
import { locate } from './coordinates.ts';
import { inputType } from './elements.ts';
import { natural, refuse } from './refuse.ts';

/** Image and filters lie with their channels innermost. */
export const CHANNELS_LAST = 0x1320;

/** A run of channels inside the image: where it starts in the image, and in the filter, in elements. */
export interface Run {
  readonly image: number;
  readonly filter: number;
  readonly length: number;
}

/** The part of the image that one element of a convolution looks at. */
export interface Window {
  readonly runs: readonly Run[];
  /** Elements of a filter. */
  readonly terms: number;
  /** Number of the filter: the output channel. */
  readonly filter: number;
  /** Whether part of the window lies outside of the image. */
  readonly clipped: boolean;
}

/** Refuses a convolution whose operands do not lie or fit as the contract needs. */
export function admitConvolution(op: Operator): void {
  const [x, f, y] = [inputType(op, 0), inputType(op, 1), op.outputTypes[0]];
  if (x.dims.length !== 4 || f.dims.length !== 4 || y.dims.length !== 4) refuse(op, 'it is no 2-D convolution');
  if (x.layout !== CHANNELS_LAST || f.layout !== CHANNELS_LAST)
    refuse(op, 'image and filters must be stored channels last');
  const { sy, sx, py, px, dy, dx, group } = attributes(op);
  if (sy === 0 || sx === 0 || dy === 0 || dx === 0) refuse(op, 'a stride or dilation is 0');
  const [filters, depth, kh, kw] = f.dims;
  if (group === 0 || filters % group !== 0 || depth * group !== x.dims[1])
    refuse(op, `its channels do not fit ${group} groups`);
  if (depth * kh * kw === 0) refuse(op, 'its filters are empty');
  if (y.dims[0] !== x.dims[0] || y.dims[1] !== filters) refuse(op, `its output cannot be [${y.dims}]`);
  if (Math.max(py, px, sy, sx, dy, dx) > 0xffff) refuse(op, 'a stride, padding or dilation is too large');
}

export function window(op: Operator, element: number): Window {
  const { sy, sx, py, px, dy, dx } = attributes(op);
  const [, channels, height, width] = inputType(op, 0).dims;
  const [filters, depth, kh, kw] = inputType(op, 1).dims;
  const [image, filter, oy, ox] = locate(op.outputTypes[0], element);
  const channel = Math.floor((filter * channels) / depth / filters) * depth;
  const runs: Run[] = [];
  let inside = 0;
  for (let ky = 0; ky < kh; ky++) {
    const y = oy * sy + ky * dy - py;
    if (y < 0 || y >= height) continue;
    const taps = Array.from({ length: kw }, (_, kx) => ({ kx, x: ox * sx + kx * dx - px }));
    const row = (image * height + y) * width;
    const found = taps
      .filter(({ x }) => x >= 0 && x < width)
      .map(({ kx, x }) => ({ image: (row + x) * channels + channel, filter: (ky * kw + kx) * depth, length: depth }));
    inside += found.length;
    if (found.length > 0 && dx === 1 && depth === channels) {
      runs.push({ ...found[0], length: found.length * depth });
    } else {
      runs.push(...found);
    }
  }
  return { runs, terms: depth * kh * kw, filter, clipped: inside < kh * kw };
}

function attributes(op: Operator) {
  const [sy, sx, py, px, dy, dx, group] = Array.from({ length: 7 }, (_, i) => natural(op, i));
  return { sy, sx, py, px, dy, dx, group };
}
