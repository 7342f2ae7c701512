import { type AttributeInput, compile, elementCount, judgeElement, OnnxBuilder, tensorsOf } from '@essaim/protocol';
import { openTracer, type Trace } from '@essaim/runtime';
import { expect } from 'chai';
import { random } from '../../random.ts';
import { court, plant, put, STRANGE } from './court.ts';

const DIMS = [2, 6, 16];
const IMAGE = [2, 6, 4, 4];
const float = (value: number): AttributeInput => ({ float: value });

/** A model of every transcendental operator that compiles, each on the same normalised rows. */
function model(next: () => number): Uint8Array {
  const b = new OnnxBuilder({ opset: 22, ir: 10 });
  const numbers = (dims: number[], low: number, high: number) => {
    const count = dims.reduce((a, d) => a * d, 1);
    return b.floats(
      dims,
      Array.from({ length: count }, () => low + next() * (high - low)),
    );
  };
  const output = (type: string, inputs: string[], attributes: Record<string, AttributeInput> = {}) => {
    const name = b.node(type, inputs, { attributes });
    b.output(name);
    return name;
  };
  const x = b.input('x', 'float32', DIMS);
  const rows = output('LayerNormalization', [x, numbers([16], 0.5, 2), numbers([16], -1, 1)], { axis: -1 });
  for (const axis of [-1, 1]) {
    output('Softmax', [rows], { axis });
    output('LogSoftmax', [rows], { axis });
  }
  const positive = output('Exp', [rows]);
  for (const type of ['Log', 'Reciprocal']) output(type, [positive]);
  for (const type of ['Erf', 'Tanh', 'Sigmoid', 'Softplus', 'Gelu', 'HardSwish', 'Sin', 'Cos']) output(type, [rows]);
  output('Gelu', [rows], { approximate: 'tanh' });
  output('HardSigmoid', [rows], { alpha: float(0.25), beta: float(0.4) });
  output('Elu', [rows], { alpha: float(0.7) });
  output('Pow', [positive, numbers([6, 1], -2, 3)]);
  const shape = b.initializer('image', 'int64', [4], BigInt64Array.from(IMAGE, BigInt));
  const image = b.node('Reshape', [rows, shape]);
  const channels = () => numbers([6], 0.5, 2);
  output('InstanceNormalization', [image, channels(), channels()]);
  output('GroupNormalization', [image, channels(), channels()], { num_groups: 3 });
  output('BatchNormalization', [image, channels(), channels(), channels(), channels()]);
  return b.bytes();
}

describe('Transcendental operators before the referee', () => {
  const next = random(41);
  const onnx = model(next);
  const program = compile(onnx);
  let judge: Awaited<ReturnType<typeof court>>;
  let trace: Trace;
  before(async () => {
    judge = await court();
    const x = Float32Array.from(
      { length: elementCount({ dtype: 'float32', layout: 0, dims: DIMS }) },
      () => 6 * next() - 3,
    );
    trace = await openTracer()(program, onnx, [new Uint8Array(x.buffer)]);
  });

  it('are permitted in every element of an honest trace', () => {
    for (const op of program.operators) {
      const tensorOf = tensorsOf(trace);
      for (let element = 0; element < elementCount(op.outputTypes[0]); element++) {
        const { verdict } = judgeElement(program, op, 0, element, tensorOf);
        expect(verdict, `${op.node}, element ${element}`).to.equal('permitted');
      }
    }
  });

  for (const [op, { name, node, firstValue, outputTypes }] of program.operators.entries()) {
    it(`${name} (${node}): a fault is convicted, an honest element is not`, async () => {
      for (let i = 0; i < 3; i++) {
        const element = Math.floor(next() * elementCount(outputTypes[0]));
        expect(await judge(trace, op, 0, element)).to.equal('permitted');
        expect(await judge(plant(trace, firstValue, element, next), op, 0, element)).to.equal('convicted');
      }
    });
    it(`${name} (${node}): NaN and infinities are convicted`, async () => {
      for (const [what, number] of Object.entries(STRANGE)) {
        const element = Math.floor(next() * elementCount(outputTypes[0]));
        expect(await judge(put(trace, firstValue, element, number), op, 0, element), what).to.equal('convicted');
      }
    });
  }
});
