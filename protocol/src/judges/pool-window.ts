import { axesOf } from '../commitments/type.ts';
import type { Operator, TensorType } from '../program/types.ts';
import { indexOf } from './coordinates.ts';
import { inputType } from './elements.ts';
import { checkCover } from './pool-cover.ts';
import { natural, refuse } from './refuse.ts';

/** Physical indices of a pooling window's elements inside the image, ascending. */
export function* windowOf(op: Operator, from: TensorType, here: readonly number[]): Generator<number> {
  const [kh, kw, sy, sx, py, px, dy, dx] = Array.from({ length: 8 }, (_, i) => natural(op, i));
  const order = axesOf(from);
  const rowsFirst = order.indexOf(2) < order.indexOf(3);
  for (let i = 0; i < kh * kw; i++) {
    const [ky, kx] = rowsFirst ? [Math.floor(i / kw), i % kw] : [i % kh, Math.floor(i / kh)];
    const y = here[2] * sy - py + ky * dy;
    const x = here[3] * sx - px + kx * dx;
    if (y >= 0 && x >= 0 && y < from.dims[2] && x < from.dims[3]) yield indexOf(from, [here[0], here[1], y, x]);
  }
}

/** Refuses a pooling operator whose types or window (words kh, kw, sy, sx, py, px, dy, dx) do not fit. */
export function admitWindow(op: Operator): void {
  const [from, to] = [inputType(op, 0), op.outputTypes[0]];
  if (to.dtype !== from.dtype) refuse(op, 'its output must have its operand’s type');
  if (from.dims.length !== 4 || to.dims.length !== 4) refuse(op, 'only two-dimensional pooling is judged');
  if (from.dims[0] !== to.dims[0] || from.dims[1] !== to.dims[1]) refuse(op, 'batch and channels must stay');
  for (let i = 0; i < 8; i++) if (natural(op, i) === 0 && i !== 4 && i !== 5) refuse(op, `attribute word ${i} is 0`);
  checkCover(op);
}
