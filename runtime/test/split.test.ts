import { compile, numericsReport, OnnxBuilder, readOnnx, splitReductions, writeOnnx } from '@essaim/protocol';
import { Executor } from '@essaim/runtime';
import { expect } from 'chai';
import { random } from '../../test/random.ts';

const next = random(9);
const numbers = (count: number, scale: number): Float32Array =>
  Float32Array.from({ length: count }, () => scale * (2 * next() - 1));

function network(): Uint8Array {
  const model = new OnnxBuilder();
  const x = model.input('x', 'float32', [1, 70, 6, 6]);
  const filters = model.initializer('filters', 'float32', [96, 70, 3, 3], numbers(96 * 630, 0.05));
  const image = model.node('Conv', [x, filters, model.floats([96], numbers(96, 0.1))], { name: 'convolve' });
  const row = model.node('Flatten', [image]);
  const w = model.initializer('w', 'float32', [1536, 2500], numbers(1536 * 2500, 0.05));
  const wide = model.node('MatMul', [model.node('Relu', [row]), w], { name: 'wide' });
  const v = model.initializer('v', 'float32', [4, 2500], numbers(10000, 0.05));
  const options = { name: 'head', attributes: { transB: 1 } };
  model.output(model.node('Gemm', [wide, v, model.floats([4], numbers(4, 0.1))], options), 'float32');
  return model.bytes();
}

describe('split reductions', () => {
  it('leave no float product longer than they are told, and give the same answers but for rounding', async () => {
    const onnx = network();
    const split = writeOnnx(splitReductions(readOnnx(onnx), { product: 1000, convolution: 300 }));
    const reports = [onnx, split].map((bytes) => numericsReport(compile(bytes)));
    expect(reports[0].map(({ terms }) => terms)).to.deep.equal([631, 1536, 2501]);
    expect(reports[1].map(({ terms }) => terms)).to.deep.equal([217, 216, 198, 768, 768, 835, 834, 832]);
    const x = [new Uint8Array(numbers(70 * 36, 1).buffer)];
    const outputs: Float32Array[] = [];
    for (const bytes of [onnx, split]) {
      const executor = await Executor.open(compile(bytes), bytes);
      const [result] = Object.values(await executor.run(x));
      outputs.push(new Float32Array(result.slice().buffer));
      await executor.close();
    }
    const scale = Math.max(...outputs[0].map(Math.abs));
    for (const [i, y] of outputs[0].entries()) expect(outputs[1][i]).to.be.closeTo(y, 1e-5 * scale);
  });

  it('leave a model of short products as it is', () => {
    const model = readOnnx(network());
    expect(splitReductions(model, { product: 4000, convolution: 4000 })).to.deep.equal(model);
  });
});
