import { numberOfBits } from '../judges/float32.ts';
import { natural } from '../judges/refuse.ts';
import type { Operator } from '../program/types.ts';
import type { Slopes } from './slopes.ts';

/** Attribute word of epsilon. */
const EPSILON: Readonly<Record<string, number>> = {
  LayerNormalization: 1,
  RMSNormalization: 1,
  InstanceNormalization: 0,
  GroupNormalization: 0,
  BatchNormalization: 0,
};
const epsilonOf = (op: Operator): number => numberOfBits(natural(op, EPSILON[op.name]));

/** A row, of which `own` is the element's place: shares of the whole. */
const softmax =
  (logarithm: boolean): Slopes =>
  (xs, y, _op, own) => {
    const top = xs.reduce((a, b) => Math.max(a, b));
    const sum = xs.reduce((total, x) => total + Math.exp(x - top), 0);
    return xs.map((x, i) => (logarithm ? 1 : y) * ((i === own ? 1 : 0) - Math.exp(x - top) / sum));
  };

/** A row, its factor, and its bias if there is one. */
const normalised =
  (centred: boolean): Slopes =>
  (xs, _y, op, own) => {
    const others = op.inputs.slice(1).filter(({ kind }) => kind !== 'none').length;
    const row = xs.slice(0, xs.length - others);
    const n = row.length;
    const factor = xs[n];
    const mean = centred ? row.reduce((a, b) => a + b, 0) / n : 0;
    const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
    const r = 1 / Math.sqrt(variance + epsilonOf(op));
    const hat = (x: number): number => (x - mean) * r;
    const slopes = row.map(
      (x, i) => factor * r * ((i === own ? 1 : 0) - (centred ? 1 / n : 0) - (hat(row[own]) * hat(x)) / n),
    );
    return [...slopes, hat(row[own]), ...(others > 1 ? [1] : [])];
  };

const batch: Slopes = ([x, factor, , mean, variance], _y, op) => {
  const r = 1 / Math.sqrt(variance + epsilonOf(op));
  return [factor * r, (x - mean) * r, 1, -factor * r, -0.5 * factor * (x - mean) * r ** 3];
};

/** Slopes of operators of which an element looks at a whole row. */
export const ROW_SLOPES: Readonly<Record<string, Slopes>> = {
  Softmax: softmax(false),
  LogSoftmax: softmax(true),
  LayerNormalization: normalised(true),
  InstanceNormalization: normalised(true),
  GroupNormalization: normalised(true),
  RMSNormalization: normalised(false),
  BatchNormalization: batch,
};
