import type { Operator } from '../program/types.ts';
import { natural, refuse } from './refuse.ts';

/**
 * Refuses a MaxPool that may have a window wholly in the padding: engines disagree on its maximum, so that its judge
 * would permit any number there. A window has a tap inside if its taps reach the image from the first place, begin
 * inside of it at the last, and none of their steps is longer than the image.
 */
export function checkCover(op: Operator): void {
  const [from, to] = [op.inputTypes[0]!, op.outputTypes[0]];
  for (const axis of [0, 1]) {
    const [taps, stride, begin, dilation] = [0, 2, 4, 6].map((word) => natural(op, word + axis));
    const size = from.dims[2 + axis];
    const last = (to.dims[2 + axis] - 1) * stride - begin;
    const covered = begin <= (taps - 1) * dilation && last < size && (begin === 0 || dilation <= size);
    if (!covered) refuse(op, `along axis ${2 + axis} one of its windows may lie wholly in the padding`);
  }
}
