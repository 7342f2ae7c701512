import { div, mul, shift, total } from './arithmetic.ts';
import { trainingError } from './errors.ts';
import { summed } from './sums.ts';
import type { Tape } from './tape.ts';

/** PyTorch's: keeps the factor finite where every gradient is zero. */
const SLACK = 1e-6;

/** A positive length, or TRAINING_BAD_STEP. */
export function clipLength(clip: number): number {
  if (clip > 0 && Number.isFinite(clip)) return clip;
  throw trainingError('TRAINING_BAD_STEP', `clip is ${clip}`, 'Give a positive length, or none.');
}

/** Length of some tensors taken together. */
export function normOf(t: Tape, tensors: readonly string[], name?: string): string {
  const squares = tensors.map((d) => summed(t, mul(t, d, d), [...t.dims(d).keys()], false));
  return t.op('Sqrt', [total(t, squares)], {}, name);
}

/** Gradients shortened together to a length, as `clip_grad_norm_` of PyTorch does; shorter ones stay as they are. */
export function clipped(t: Tape, gradients: readonly string[], clip: number): string[] {
  t.scope = 'clip';
  const most = t.scalar(clipLength(clip));
  // what is at most `clip` is divided by itself: the factor is exactly 1
  const factor = div(t, most, t.op('Max', [shift(t, normOf(t, gradients), SLACK), most]));
  return gradients.map((gradient) => mul(t, gradient, factor));
}
