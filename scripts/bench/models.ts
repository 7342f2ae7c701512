import { OnnxBuilder } from '@essaim/protocol';
import { random } from '../../test/random.ts';

/** Sum of four uniform numbers, scaled to the deviation `sd`: near enough to normal. */
export function gaussian(count: number, sd: number, next: () => number): Float32Array {
  return Float32Array.from({ length: count }, () => (next() + next() + next() + next() - 2) * Math.sqrt(3) * sd);
}

/** A float32 perceptron of Gemm and Relu layers. */
export function perceptron(widths: readonly number[], batch: number, seed = 1): Uint8Array {
  const next = random(seed);
  const model = new OnnxBuilder({ name: 'perceptron' });
  let x = model.input('x', 'float32', [batch, widths[0]]);
  for (const [layer, n] of widths.slice(1).entries()) {
    const k = widths[layer];
    const weights = model.initializer(`w${layer}`, 'float32', [k, n], gaussian(k * n, Math.sqrt(2 / k), next));
    const bias = model.initializer(`b${layer}`, 'float32', [n], gaussian(n, 0.1, next));
    const last = layer === widths.length - 2;
    x = model.node('Gemm', [x, weights, bias], last ? { outputs: ['y'] } : {});
    if (!last) x = model.node('Relu', [x]);
  }
  model.output('y', 'float32', [batch, widths[widths.length - 1]]);
  return model.bytes();
}

export interface TransformerSize {
  readonly tokens: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
}

/** Makes a model's weight of some numbers; returns its name. */
export type Keep = (model: OnnxBuilder, name: string, dims: readonly number[], numbers: Float32Array) => string;
const within: Keep = (model, name, dims, numbers) => model.initializer(name, 'float32', dims, numbers);

/**
 * A float32 transformer encoder of pre-normalised blocks: `tokens` × `width`, with `heads` and `layers`. Its matrices are
 * kept in the model, or where `keep` puts them.
 */
export function transformer({ tokens, width, heads, layers }: TransformerSize, seed = 1, keep = within): Uint8Array {
  const next = random(seed);
  const model = new OnnxBuilder({ name: 'transformer', opset: 20, ir: 9 });
  let made = 0;
  const weight = (rows: number, columns: number) =>
    keep(model, `w${made++}`, [rows, columns], gaussian(rows * columns, 1 / Math.sqrt(rows), next));
  const dense = (x: string, rows: number, columns: number) => model.node('MatMul', [x, weight(rows, columns)]);
  const normalised = (x: string) => {
    const [scale, bias] = [1, 0].map((value) => model.floats([width], new Float32Array(width).fill(value)));
    return model.node('LayerNormalization', [x, scale, bias], { attributes: { axis: -1, epsilon: { float: 1e-5 } } });
  };
  const size = width / heads;
  const split = (x: string, perm: number[]) => {
    const apart = model.node('Reshape', [x, model.ints([4], [1, tokens, heads, size])]);
    return model.node('Transpose', [apart], { attributes: { perm } });
  };
  let x = model.input('x', 'float32', [1, tokens, width]);
  for (let layer = 0; layer < layers; layer++) {
    const h = normalised(x);
    const query = split(dense(h, width, width), [0, 2, 1, 3]);
    const key = split(dense(h, width, width), [0, 2, 3, 1]);
    const value = split(dense(h, width, width), [0, 2, 1, 3]);
    const scores = model.node('Mul', [model.node('MatMul', [query, key]), model.floats([], [1 / Math.sqrt(size)])]);
    const attention = model.node('Softmax', [scores], { attributes: { axis: -1 } });
    const mixed = model.node('Transpose', [model.node('MatMul', [attention, value])], {
      attributes: { perm: [0, 2, 1, 3] },
    });
    const joined = model.node('Reshape', [mixed, model.ints([3], [1, tokens, width])]);
    x = model.node('Add', [x, dense(joined, width, width)]);
    const inner = model.node('Gelu', [dense(normalised(x), width, 4 * width)]);
    x = model.node('Add', [x, dense(inner, 4 * width, width)]);
  }
  model.output(model.node('Identity', [x], { outputs: ['y'] }), 'float32', [1, tokens, width]);
  return model.bytes();
}
