import type { Tape } from './tape.ts';

/** Elementwise words for rules; each makes one node. Float results are rounded as the judge of each operator says. */
export const add = (t: Tape, a: string, b: string): string => t.op('Add', [a, b]);
export const sub = (t: Tape, a: string, b: string): string => t.op('Sub', [a, b]);
export const mul = (t: Tape, a: string, b: string): string => t.op('Mul', [a, b]);
export const div = (t: Tape, a: string, b: string): string => t.op('Div', [a, b]);
export const scale = (t: Tape, a: string, factor: number): string =>
  factor === 1 ? a : t.op('Mul', [a, t.scalar(factor)]);
export const shift = (t: Tape, a: string, by: number): string => t.op('Add', [a, t.scalar(by)]);

/** `a` where the condition holds, zero elsewhere. */
export const keep = (t: Tape, condition: string, a: string): string => t.op('Where', [condition, a, t.scalar(0)]);

/** A reshaped tensor is reshaped as it was before. */
export function reshape(t: Tape, a: string, dims: readonly number[]): string {
  const from = t.reshapedFrom(a) ?? a;
  return t.dims(from).join() === dims.join() ? from : t.op('Reshape', [from, t.ints(dims)]);
}
export const transpose = (t: Tape, a: string, perm: readonly number[]): string =>
  perm.every((axis, i) => axis === i) ? a : t.op('Transpose', [a], { perm: [...perm] });
export const expand = (t: Tape, a: string, dims: readonly number[]): string =>
  t.dims(a).join() === dims.join() ? a : t.op('Expand', [a, t.ints(dims)]);

/** Places `start` to `end` of one axis. */
export const slice = (t: Tape, a: string, axis: number, start: number, end: number): string =>
  start === 0 && end === t.dims(a)[axis] ? a : t.op('Slice', [a, t.ints([start]), t.ints([end]), t.ints([axis])]);

/** Zeros before and after each axis; a negative number cuts elements off. */
export const pad = (t: Tape, a: string, begin: readonly number[], end: readonly number[]): string =>
  [...begin, ...end].every((n) => n === 0) ? a : t.op('Pad', [a, t.ints([...begin, ...end])]);

export const size = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** Sum of tensors of one shape. */
export const total = (t: Tape, terms: readonly string[]): string => terms.reduce((a, b) => add(t, a, b));
