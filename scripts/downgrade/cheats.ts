import { int8Rows, PRECISIONS } from '@essaim/protocol';
import type { Change, Network } from './networks.ts';

const matrix = (dims: readonly number[]): boolean => dims.length > 1;

/** Weights in other numbers; biases, being few, stay. */
const rounded =
  (round: (x: number) => number): Change =>
  (_, data, dims) =>
    matrix(dims) ? data.map(round) : data;

/** Filters and columns beyond the first half are gone: a network of half the width in the clothes of the whole. */
const halved: Change = (name, data, dims) => {
  if (!matrix(dims) || /dense2|head|out|down|key/.test(name)) return data;
  const filters = dims.length === 4;
  return data.map((w, i) => {
    const output = filters ? Math.floor((i * dims[0]) / data.length) : i % dims[1];
    return output < (filters ? dims[0] : dims[1]) / 2 ? w : 0;
  });
};

const quantised: Change = (_, data, dims) => (matrix(dims) ? int8Rows(data, data.length / dims[0]) : data);

/** The layer does nothing: filters that pass their own channel on, or a branch that adds nothing. */
const skipping =
  (layer: string): Change =>
  (name, data, dims) => {
    if (name !== layer && name !== layer.replace('weight', 'bias')) return data;
    if (dims.length !== 4) return new Float32Array(data.length);
    return data.map((_, i) => {
      const [output, input, tap] = [Math.floor(i / dims[1] / 9), Math.floor(i / 9) % dims[1], i % 9];
      return output === input && tap === 4 ? 1 : 0;
    });
  };

/** What a provider may run in the place of a network, by changing its weights. */
export const cheatsOn = ({ skippable }: Network): Readonly<Record<string, Change>> => ({
  'fp16 weights': rounded(PRECISIONS.fp16),
  'bf16 weights': rounded(PRECISIONS.bf16),
  'TF32 weights': rounded(PRECISIONS.tf32),
  'int8 weights': quantised,
  'a smaller model': halved,
  'a skipped layer': skipping(skippable),
});
