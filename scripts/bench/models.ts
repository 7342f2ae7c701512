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
