import { compile, OnnxBuilder, PRECISIONS, withOutputs } from '@essaim/protocol';
import { type NodeRunner, openSession, qualify, referenceDrift } from '@essaim/runtime';
import { expect } from 'chai';
import * as ort from 'onnxruntime-node';
import { random } from '../../test/random.ts';

const next = random(7);
const numbers = (count: number, scale: number): Float32Array =>
  Float32Array.from({ length: count }, () => scale * (2 * next() - 1));

/** A convolution, a product with a weight, one of two computed matrices, and what lies between. */
function network(): Uint8Array {
  const model = new OnnxBuilder();
  const x = model.input('x', 'float32', [1, 4, 8, 8]);
  const filters = model.initializer('filters', 'float32', [8, 4, 3, 3], numbers(288, 0.3));
  const image = model.node('Relu', [model.node('Conv', [x, filters], { name: 'convolve' })]);
  const rows = model.node('Reshape', [image, model.ints([2], [8, 36])]);
  const turned = model.node('Transpose', [rows], { attributes: { perm: [1, 0] } });
  const gram = model.node('MatMul', [rows, turned], { name: 'gram' });
  const w = model.initializer('w', 'float32', [8, 5], numbers(40, 0.4));
  model.output(model.node('Gemm', [gram, w, model.floats([5], numbers(5, 0.1))], { name: 'head' }), 'float32');
  return model.bytes();
}

const runner =
  (change: (data: Float32Array) => Float32Array): NodeRunner =>
  async (onnx, inputs, output) => {
    const { session } = await openSession(withOutputs(onnx, [output]));
    const feeds = Object.entries(inputs).map(([name, { dims, data }]) => [
      name,
      new ort.Tensor('float32', change(data), dims),
    ]);
    const result = (await session.run(Object.fromEntries(feeds)))[output].data as Float32Array;
    await session.release();
    return new Uint8Array(result.slice().buffer);
  };

describe('qualification of a device', () => {
  const onnx = network();
  const program = compile(onnx);

  it('finds the processor sound on every kernel of a program, whatever the data', async () => {
    const { engine, qualified, kernels, advice } = await qualify(program, onnx);
    expect(advice).to.deep.equal([]);
    expect({ engine, qualified }).to.deep.equal({ engine: 'cpu', qualified: true });
    expect(kernels.map(({ node }) => node)).to.include.members(['convolve', 'gram', 'head']);
    for (const { contract, sharp, elements } of kernels) {
      expect(contract).to.be.at.most(1);
      expect(sharp).to.be.at.most(1 / 8);
      expect(elements).to.be.above(100);
    }
  });

  it('names the operators that a device multiplies with less precision, and what to turn off', async () => {
    const { qualified, kernels, advice } = await qualify(program, onnx, {
      run: runner((data) => data.map(PRECISIONS.tf32)),
    });
    expect(qualified).to.equal(false);
    const broken = kernels.filter(({ convicted }) => convicted > 0).map(({ node }) => node);
    expect(broken).to.include.members(['convolve', 'gram', 'head']);
    expect(advice.find((line) => line.startsWith('gram'))).to.match(/would be convicted.*turn off reduced precision/);
  });

  it('finds the same with two threads', async () => {
    expect((await qualify(program, onnx, { threads: 2 })).qualified).to.equal(true);
  });
});

describe('reference drift', () => {
  it('is small beside the outputs, twice as large at most within the contract, the same each time', async () => {
    const onnx = network();
    const program = compile(onnx);
    const drift = await referenceDrift(program, onnx, { samples: 2 });
    expect(await referenceDrift(program, onnx, { samples: 2 })).to.deep.equal(drift);
    const [{ sharp, contract }] = Object.values(drift.outputs);
    expect(drift.jumping).to.deep.equal([]);
    expect(sharp).to.be.within(1e-6, 0.1);
    expect(contract / sharp).to.be.within(1, 4.1);
  });

  it('is nothing where every operator is exact', async () => {
    const model = new OnnxBuilder();
    const x = model.input('x', 'float32', [2, 4], { low: -8, high: 8, step: 1 });
    const w = model.floats([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    model.output(model.node('Relu', [model.node('MatMul', [x, w])]), 'float32');
    const onnx = model.bytes();
    const { outputs } = await referenceDrift(compile(onnx), onnx);
    expect(Object.values(outputs)).to.deep.equal([{ sharp: 0, contract: 0 }]);
  });
});
