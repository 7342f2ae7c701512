import { readFile } from 'node:fs/promises';
import { commitTensor, compile, OnnxBuilder, wasmHasher } from '@essaim/protocol';
import { expect } from 'chai';
import { loadDigits, modelPath } from '../../models/digits/digits.ts';
import { random } from '../../test/random.ts';
import { commitTrace, Executor, nativeHasher, openTracer } from '../src/index.ts';

const scan = (row: number) => [new Uint8Array(Float32Array.from(loadDigits().scans[row]).buffer)];
const digits = async (name: 'mlp-b1' | 'cnn-b1') => {
  const onnx = new Uint8Array(await readFile(modelPath(name)));
  return { onnx, program: compile(onnx) };
};
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => error,
  );

describe('traces', () => {
  for (const [name, golden] of [
    ['mlp-b1', '0x0a463ec8b904a614855aec260ed6e329ef070f6a52116921c40861dc24ccedd4'],
    ['cnn-b1', '0x4ce9a7c0a03513f4d8740fef084c6b906c1a9cd848e442d7860ac4f522ae754d'],
  ] as const) {
    it(`of the exact ${name} are the same on any number of threads, and the recorded one`, async () => {
      const { onnx, program } = await digits(name);
      expect(program.exact).to.equal(true);
      const [one, two] = await Promise.all([1, 2].map((threads) => openTracer({ threads })(program, onnx, scan(7))));
      expect(one.traceRoot).to.equal(two.traceRoot);
      expect(one.traceRoot).to.equal(golden);
    });
  }

  it('need an executor that was opened to trace', async () => {
    const { onnx, program } = await digits('mlp-b1');
    const executor = await Executor.open(program, onnx);
    const results = await executor.run(scan(0));
    expect(() => commitTrace(program, scan(0), results)).to.throw('the execution gave no tensor');
    await executor.close();
  });
});

describe('an executor', () => {
  it('refuses a wrong number of inputs and inputs of a wrong length, by code', async () => {
    const { onnx, program } = await digits('mlp-b1');
    const executor = await Executor.open(program, onnx);
    expect(await refusal(executor.run([]))).to.include({ code: 'INPUT_COUNT' });
    expect(await refusal(executor.run([new Uint8Array(3)]))).to.include({ code: 'INPUT_WRONG_LENGTH' });
    await executor.close();
  });

  it('tells by EXECUTION_FAILED when the model fails on an input', async () => {
    const onnx = new OnnxBuilder();
    const table = onnx.initializer('table', 'float32', [2], new Uint8Array(8));
    const index = onnx.input('index', 'int64', [1], { low: 0, high: 1, step: 1 });
    onnx.output(onnx.node('Gather', [table, index], { outputs: ['y'] }), 'float32', [1]);
    const bytes = onnx.bytes();
    const executor = await Executor.open(compile(bytes), bytes);
    const beyond = new Uint8Array(BigInt64Array.of(9n).buffer);
    expect(await refusal(executor.run([beyond]))).to.include({ code: 'EXECUTION_FAILED' });
    await executor.close();
  });
});

describe('the native hasher', () => {
  it('hashes leaves, nodes and whole tensors as the WebAssembly one does', () => {
    const next = random(5);
    for (const length of [0, 1, 1023, 1024, 1025, 70_000]) {
      const bytes = Uint8Array.from({ length }, () => next() * 256);
      expect(nativeHasher.leaves(bytes)).to.deep.equal(wasmHasher.leaves(bytes));
      const type = { dtype: 'uint8', layout: 0, dims: [length] } as const;
      expect(commitTensor(type, bytes, nativeHasher).root).to.equal(commitTensor(type, bytes, wasmHasher).root);
    }
    const pairs = new Uint8Array(64 * 9).map(() => next() * 256);
    expect(nativeHasher.nodes(pairs)).to.deep.equal(wasmHasher.nodes(pairs));
  });
});
