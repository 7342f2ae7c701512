/** What it costs to split long reductions, way by way: node scripts/measure-splits.ts. docs/numerics.md has the table. */
import { OnnxBuilder } from '@essaim/protocol';
import { openSession } from '@essaim/runtime';
import * as ort from 'onnxruntime-node';
import { random } from '../test/random.ts';
import { gaussian } from './bench/models.ts';

const next = random(5);
type Way = (model: OnnxBuilder, x: string, weights: Float32Array, shape: { m: number; k: number; n: number }) => string;
const PART = 2048;
const partsOf = (k: number): number[] => Array.from({ length: Math.ceil(k / PART) }, (_, i) => i * PART);

const WAYS: Record<string, Way> = {
  whole: (model, x, weights, { k, n }) => model.node('MatMul', [x, model.initializer('w', 'float32', [k, n], weights)]),
  'slices, weights apart, Add': (model, x, weights, { k, n }) =>
    partsOf(k)
      .map((start) => {
        const end = Math.min(k, start + PART);
        const part = model.node('Slice', [x, model.ints([1], [start]), model.ints([1], [end]), model.ints([1], [1])]);
        const rows = weights.subarray(start * n, end * n);
        return model.node('MatMul', [part, model.initializer(`w${start}`, 'float32', [end - start, n], rows)]);
      })
      .reduce((sum, part) => model.node('Add', [sum, part])),
  'Split, weights apart, Add': (model, x, weights, { k, n }) => {
    const parts = partsOf(k);
    const names = parts.map((start) => `x${start}`);
    const sizes = parts.map((start) => Math.min(PART, k - start));
    model.node('Split', [x, model.ints([parts.length], sizes)], { attributes: { axis: 1 }, outputs: names });
    return parts
      .map((start, i) => {
        const rows = weights.subarray(start * n, (start + sizes[i]) * n);
        return model.node('MatMul', [names[i], model.initializer(`w${start}`, 'float32', [sizes[i], n], rows)]);
      })
      .reduce((sum, part) => model.node('Add', [sum, part]));
  },
  'slices, Gemm adding the last': (model, x, weights, { k, n }) => {
    let sum = '';
    for (const start of partsOf(k)) {
      const end = Math.min(k, start + PART);
      const part = model.node('Slice', [x, model.ints([1], [start]), model.ints([1], [end]), model.ints([1], [1])]);
      const w = model.initializer(`w${start}`, 'float32', [end - start, n], weights.subarray(start * n, end * n));
      sum = sum ? model.node('Gemm', [part, w, sum]) : model.node('MatMul', [part, w]);
    }
    return sum;
  },
  'batched MatMul, ReduceSum': (model, x, weights, { m, k, n }) => {
    const parts = k / PART;
    const split = model.node('Reshape', [x, model.ints([3], [m, parts, PART])]);
    const turned = model.node('Transpose', [split], { attributes: { perm: [1, 0, 2] } });
    const products = model.node('MatMul', [turned, model.initializer('w', 'float32', [parts, PART, n], weights)]);
    return model.node('ReduceSum', [products, model.ints([1], [0])], { attributes: { keepdims: 0 } });
  },
};

/** Least times of both in milliseconds, run in turn: the machine may do other things. */
async function least(subject: () => Promise<unknown>, baseline: () => Promise<unknown>): Promise<[number, number]> {
  const best: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < 40; i++) {
    for (const [which, run] of [subject, baseline].entries()) {
      const began = performance.now();
      await run();
      best[which] = Math.min(best[which], performance.now() - began);
    }
  }
  return best;
}

const rows: string[] = [];
for (const [m, k, n] of [
  [1, 4096, 4096],
  [16, 4096, 4096],
  [128, 4096, 1024],
  [1, 8192, 2048],
  [16, 8192, 2048],
  [128, 8192, 1024],
]) {
  const weights = gaussian(k * n, 0.05, next);
  const open = async (way: Way) => {
    const model = new OnnxBuilder();
    const x = model.input('x', 'float32', [m, k]);
    const y = way(model, x, weights, { m, k, n });
    model.output(y, 'float32');
    const { session } = await openSession(model.bytes());
    const feeds = { x: new ort.Tensor('float32', gaussian(m * k, 1, next), [m, k]) };
    return { run: () => session.run(feeds), close: () => session.release() };
  };
  const whole = await open(WAYS.whole);
  const cells: string[] = [];
  for (const [name, way] of Object.entries(WAYS)) {
    if (name === 'whole') continue;
    const split = await open(way);
    const [parts, baseline] = await least(split.run, whole.run);
    if (cells.length === 0) cells.push(`${m}×${k}×${n}`, `${baseline.toFixed(2)} ms`);
    cells.push(`×${(parts / baseline).toFixed(2)}`);
    await split.close();
  }
  await whole.close();
  rows.push(`| ${cells.join(' | ')} |`);
  console.log(rows.at(-1));
}
console.log(Object.keys(WAYS).join(' | '));
