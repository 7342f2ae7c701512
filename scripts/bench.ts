/** What a commitment costs beside the inference itself: npm run bench. docs/benchmarks.md says what is compared. */
import { readFileSync } from 'node:fs';
import { compile, setDefaultHasher } from '@essaim/protocol';
import { commitTrace, Executor, nativeHasher } from '@essaim/runtime';
import * as ort from 'onnxruntime-node';
import { modelPath } from '../models/digits/digits.ts';
import { random } from '../test/random.ts';
import { gaussian, perceptron, transformer } from './bench/models.ts';
import { recordRatio } from './bench/ratio.ts';
import { recordFigure } from './figures.ts';

/** Run, trace and commit over outputs only, same options; and graph optimisation off over all of it on. */
async function commitRatio(
  name: string,
  onnx: Uint8Array,
  input: Float32Array,
  rounds: number,
  aim: { atMost: number } | null,
) {
  const program = compile(onnx);
  const bytes = [new Uint8Array(input.buffer)];
  const traced = await Executor.open(program, onnx, { trace: true });
  const plain = await Executor.open(program, onnx);
  await recordRatio(
    `ratio.commit.${name}`,
    aim,
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

await commitRatio('mlp-10m', perceptron([784, 2048, 2048, 2048, 10], 32), gaussian(32 * 784, 1, random(2)), 41, {
  atMost: 1.1,
});
const scans = Float32Array.from({ length: 64 * 64 }, (_, i) => (i * 7) % 17);
await commitRatio('digits-cnn-b64', new Uint8Array(readFileSync(modelPath('cnn-b64'))), scans, 101, null);

const small = transformer({ tokens: 128, width: 384, heads: 6, layers: 6 });
await commitRatio('transformer-10m', small, gaussian(128 * 384, 1, random(3)), 15, { atMost: 1.1 });

setDefaultHasher(nativeHasher);
const large = transformer({ tokens: 128, width: 768, heads: 12, layers: 14 });
const began = performance.now();
compile(large);
const seconds = (performance.now() - began) / 1000;
console.log(`${'time.compile.100m'.padEnd(36)} ${seconds.toFixed(1)} s`);
recordFigure('time.compile.100m', { value: seconds, unit: 's', aim: { atMost: 10 }, command: 'npm run bench' });
