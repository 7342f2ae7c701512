import { OnnxBuilder } from '@essaim/protocol';
import { loadDigits } from '../../models/digits/digits.ts';
import { gaussian } from '../bench/models.ts';

const WIDTHS = [64, 128, 128, 64, 10];
const [EPOCHS, BATCH, RATE] = [12, 16, 0.08];

interface Layer {
  readonly w: Float64Array;
  readonly b: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** A classifier and the scans that it never saw, with what they show. */
export interface Classifier {
  readonly onnx: Uint8Array;
  readonly unseen: readonly { readonly x: Float32Array; readonly label: number }[];
}

/** Trains a float32 perceptron of four layers on the handwritten digits, by plain gradient descent. */
export function trainClassifier(next: () => number): Classifier {
  const { scans, labels, heldOut } = loadDigits();
  const samples = scans.map((scan, i) => ({ x: Float32Array.from(scan, (level) => level / 16), label: labels[i] }));
  const out = new Set(heldOut);
  const seen = samples.filter((_, i) => !out.has(i));
  const layers = WIDTHS.slice(1).map((to, i): Layer => {
    const from = WIDTHS[i];
    return { w: Float64Array.from(gaussian(from * to, Math.sqrt(2 / from), next)), b: new Float64Array(to), from, to };
  });
  for (let step = 0; step < (EPOCHS * seen.length) / BATCH; step++) {
    for (let i = 0; i < BATCH; i++) learn(layers, seen[Math.floor(next() * seen.length)]);
  }
  const model = new OnnxBuilder({ name: 'digits' });
  let x = model.input('x', 'float32', [1, WIDTHS[0]], { low: 0, high: 1, step: 0 });
  for (const [i, { w, b, from, to }] of layers.entries()) {
    x = model.node('Gemm', [x, model.floats([from, to], w), model.floats([to], b)]);
    if (i < layers.length - 1) x = model.node('Relu', [x]);
  }
  model.output(x, 'float32');
  return { onnx: model.bytes(), unseen: heldOut.map((i) => samples[i]) };
}

/** One step down the gradient of the cross entropy. */
function learn(layers: readonly Layer[], { x, label }: { x: Float32Array; label: number }): void {
  const values: Float64Array[] = [Float64Array.from(x)];
  for (const [l, { w, b, from, to }] of layers.entries()) {
    const y = b.slice();
    for (let i = 0; i < from; i++) {
      const v = values[l][i];
      if (v !== 0) for (let j = 0; j < to; j++) y[j] += v * w[i * to + j];
    }
    values.push(l < layers.length - 1 ? y.map((v) => Math.max(0, v)) : y);
  }
  const logits = values.at(-1)!;
  const top = Math.max(...logits);
  const sum = logits.reduce((s, v) => s + Math.exp(v - top), 0);
  let slope = logits.map((v, i) => Math.exp(v - top) / sum - (i === label ? 1 : 0));
  for (let l = layers.length - 1; l >= 0; l--) {
    const { w, b, from, to } = layers[l];
    const before = new Float64Array(from);
    for (let i = 0; i < from; i++) {
      const v = values[l][i];
      for (let j = 0; j < to; j++) {
        before[i] += slope[j] * w[i * to + j];
        w[i * to + j] -= (RATE / BATCH) * slope[j] * v;
      }
    }
    for (let j = 0; j < to; j++) b[j] -= (RATE / BATCH) * slope[j];
    slope = before.map((s, i) => (values[l][i] > 0 ? s : 0));
  }
}
