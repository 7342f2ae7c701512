/** What a commitment costs beside the inference itself: npm run bench. docs/benchmarks.md says what is compared. */
import { readFileSync } from 'node:fs';
import { compile, mergeAdditions, readOnnx, setDefaultHasher, writeOnnx } from '@essaim/protocol';
import { commitTrace, Executor, nativeHasher } from '@essaim/runtime';
import * as ort from 'onnxruntime-node';
import { modelPath } from '../models/digits/digits.ts';
import { random } from '../test/random.ts';
import { gaussian, perceptron, transformer } from './bench/models.ts';
import { recordRatio } from './bench/ratio.ts';
import { recordFigure } from './figures.ts';

interface Case {
  readonly name: string;
  readonly onnx: Uint8Array;
  readonly input: Float32Array;
  readonly rounds: number;
  readonly aim?: { readonly atMost: number };
}

/** A model compiled and opened, with its trace and without. */
async function opened(onnx: Uint8Array) {
  const program = compile(onnx);
  const traced = await Executor.open(program, onnx, { trace: true });
  const plain = await Executor.open(program, onnx);
  return { program, traced, plain };
}

/** Run, trace and commit over outputs only, same options; and graph optimisation off over all of it on. */
async function commitRatio({ name, onnx, input, rounds, aim }: Case): Promise<void> {
  const { program, traced, plain } = await opened(onnx);
  const bytes = [new Uint8Array(input.buffer)];
  await recordRatio(
    `ratio.commit.${name}`,
    aim ?? null,
    rounds,
    async () => commitTrace(program, bytes, await traced.run(bytes)),
    () => plain.run(bytes),
  );
  const all = await ort.InferenceSession.create(onnx, { graphOptimizationLevel: 'all', intraOpNumThreads: 1 });
  const { name: feed, type } = program.inputs[0];
  const feeds = { [feed]: new ort.Tensor('float32', input, [...type.dims]) };
  await recordRatio(
    `ratio.exec.disabled-over-all.${name}`,
    null,
    rounds,
    () => plain.run(bytes),
    () => all.run(feeds),
  );
}

/**
 * A residual network, published with its additions merged into products, over the network as it was, outputs only; and
 * without merging; and merged over as it was, both outputs only.
 */
async function residualRatios({ name, onnx, input, rounds, aim }: Case): Promise<void> {
  const bytes = [new Uint8Array(input.buffer)];
  const [was, merged] = [await opened(onnx), await opened(writeOnnx(mergeAdditions(readOnnx(onnx))))];
  const committed =
    ({ program, traced }: typeof was) =>
    async () =>
      commitTrace(program, bytes, await traced.run(bytes));
  const baseline = () => was.plain.run(bytes);
  await recordRatio(`ratio.commit.${name}`, aim ?? null, rounds, committed(merged), baseline);
  await recordRatio(`ratio.commit.${name}.unmerged`, null, rounds, committed(was), baseline);
  await recordRatio(`ratio.exec.merged-over-plain.${name}`, null, rounds, () => merged.plain.run(bytes), baseline);
}

await commitRatio({
  name: 'mlp-10m',
  onnx: perceptron([784, 2048, 2048, 2048, 10], 32),
  input: gaussian(32 * 784, 1, random(2)),
  rounds: 41,
  aim: { atMost: 1.1 },
});
await commitRatio({
  name: 'digits-cnn-b64',
  onnx: new Uint8Array(readFileSync(modelPath('cnn-b64'))),
  input: Float32Array.from({ length: 64 * 64 }, (_, i) => (i * 7) % 17),
  rounds: 101,
});
setDefaultHasher(nativeHasher);
await residualRatios({
  name: 'transformer-10m',
  onnx: transformer({ tokens: 128, width: 384, heads: 6, layers: 6 }),
  input: gaussian(128 * 384, 1, random(3)),
  rounds: 61,
  aim: { atMost: 1.1 },
});

const large = transformer({ tokens: 128, width: 768, heads: 12, layers: 15 });
const began = performance.now();
compile(large);
const seconds = (performance.now() - began) / 1000;
console.log(`${'time.compile.100m'.padEnd(36)} ${seconds.toFixed(1)} s`);
recordFigure('time.compile.100m', { value: seconds, unit: 's', aim: { atMost: 10 }, command: 'npm run bench' });
await residualRatios({
  name: 'transformer-100m',
  onnx: large,
  input: gaussian(128 * 768, 1, random(3)),
  rounds: 21,
  aim: { atMost: 1.05 },
});
