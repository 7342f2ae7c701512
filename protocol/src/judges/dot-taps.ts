import type { Operator } from '../program/types.ts';
import { locate } from './coordinates.ts';
import { CHANNELS_LAST } from './dot-window.ts';
import { inputType } from './elements.ts';
import { natural, refuse } from './refuse.ts';

/** Filters of a transposed convolution lie by output channel, with the image's channels innermost. */
export const FILTERS_FIRST = 0x0321;

/** Runs of channels that an element of ConvTranspose is summed over: where they start, in elements, tap by tap. */
export interface Taps {
  readonly images: readonly number[];
  readonly filters: readonly number[];
  /** Channels of a run. */
  readonly depth: number;
  /** Output channel. */
  readonly output: number;
}

/** Refuses a ConvTranspose whose operands do not lie or fit as the contract needs. */
export function admitTaps(op: Operator): void {
  const [x, f, y] = [inputType(op, 0), inputType(op, 1), op.outputTypes[0]];
  if (x.dims.length !== 4 || f.dims.length !== 4 || y.dims.length !== 4) refuse(op, 'it is no 2-D convolution');
  if (x.layout !== CHANNELS_LAST) refuse(op, 'its image must be stored channels last');
  if (f.layout !== FILTERS_FIRST) refuse(op, 'its filters must be stored by output channel, input channels last');
  const words = Array.from({ length: 7 }, (_, i) => natural(op, i));
  if (words.some((value, i) => (value === 0 && i !== 2 && i !== 3) || value > 0xffff)) {
    refuse(op, 'a stride, dilation, padding or group is out of range');
  }
  const group = words[6];
  if (x.dims[1] === 0 || x.dims[1] !== f.dims[0] || x.dims[1] % group !== 0) refuse(op, 'its channels do not fit');
  if (y.dims[0] !== x.dims[0] || y.dims[1] !== f.dims[1] * group) refuse(op, `its output cannot be [${y.dims}]`);
}

/** The most taps of a filter that can meet the image at one place. */
export function mostTaps(op: Operator): number {
  const along = (axis: 0 | 1): number => {
    const [kernel, size, step, gap] = [
      inputType(op, 1).dims[2 + axis],
      inputType(op, 0).dims[2 + axis],
      natural(op, axis),
      natural(op, 4 + axis),
    ];
    let period = 1;
    while ((period * gap) % step !== 0) period++;
    return Math.min(Math.ceil(kernel / period), size);
  };
  return along(0) * along(1);
}

export function tapsAt(op: Operator, element: number): Taps {
  const [sy, sx, py, px, dy, dx, group] = Array.from({ length: 7 }, (_, i) => natural(op, i));
  const [, channels, height, width] = inputType(op, 0).dims;
  const [, perGroup, kh, kw] = inputType(op, 1).dims;
  const [image, output, oy, ox] = locate(op.outputTypes[0], element);
  const depth = channels / group;
  const channel = Math.floor(output / perGroup) * depth;
  const images: number[] = [];
  const filters: number[] = [];
  for (let tap = 0; tap < kh * kw; tap++) {
    const y = (oy + py - Math.floor(tap / kw) * dy) / sy;
    const x = (ox + px - (tap % kw) * dx) / sx;
    const inside = Number.isInteger(y) && Number.isInteger(x) && y >= 0 && x >= 0 && y < height && x < width;
    if (!inside) continue;
    images.push(((image * height + y) * width + x) * channels + channel);
    filters.push(((output % perGroup) * kh * kw + tap) * channels + channel);
  }
  return { images, filters, depth, output };
}
