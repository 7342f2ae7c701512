import {
  compile,
  coordinatesOf,
  elementCount,
  Linearised,
  OnnxBuilder,
  OPERATOR_NAMES,
  physicalOf,
} from '@essaim/protocol';
import { commitTrace, Executor } from '@essaim/runtime';
import { expect } from 'chai';
import { random } from '../../test/random.ts';

const next = random(13);
const between = (low: number, high: number): number => low + (high - low) * next();

/** Networks of one operator between an input and a sum over its results. */
const NETWORKS: Record<string, (model: OnnxBuilder, x: string) => string> = {
  Mul: (model, x) => model.node('Mul', [x, model.node('Transpose', [x], { attributes: { perm: [0, 1, 3, 2] } })]),
  Div: (model, x) => model.node('Div', [model.floats([], [1]), x]),
  Sub: (model, x) => model.node('Sub', [model.node('Mul', [x, x]), x]),
  Sqrt: (model, x) => model.node('Sqrt', [x]),
  LeakyRelu: (model, x) => model.node('LeakyRelu', [model.node('Sub', [x, model.floats([], [0.9])])]),
  Max: (model, x) => model.node('Max', [x, model.floats([4], [0.5, 0.8, 1, 1.2])]),
  Concat: (model, x) => model.node('Concat', [x, model.node('Mul', [x, x])], { attributes: { axis: 1 } }),
  Gather: (model, x) => model.node('Gather', [x, model.ints([2], [1, 1])], { attributes: { axis: 1 } }),
  MaxPool: (model, x) => model.node('MaxPool', [x], { attributes: { kernel_shape: [2, 2], strides: [2, 1] } }),
  Conv: (model, x) =>
    model.node(
      'Conv',
      [
        x,
        model.floats(
          [3, 1, 3, 3],
          Array.from({ length: 27 }, () => between(-1, 1)),
        ),
      ],
      {
        attributes: { group: 3, pads: [1, 0, 0, 1] },
      },
    ),
  MatMul: (model, x) => model.node('MatMul', [x, model.node('Transpose', [x], { attributes: { perm: [0, 1, 3, 2] } })]),
  Gemm: (model, x) => {
    const flat = model.node('Flatten', [x], { attributes: { axis: 2 } });
    const bias = model.node('Slice', [flat, model.ints([1], [0]), model.ints([1], [3]), model.ints([1], [1])]);
    return model.node('Gemm', [flat, flat, bias], { attributes: { transB: 1 } });
  },
  ...Object.fromEntries(
    ['Exp', 'Log', 'Erf', 'Tanh', 'Sigmoid', 'Softplus', 'Gelu', 'HardSwish', 'HardSigmoid', 'Elu', 'Sin', 'Cos'].map(
      (name) => [name, (model: OnnxBuilder, x: string) => model.node(name, [x])],
    ),
  ),
  Pow: (model, x) => model.node('Pow', [x, model.floats([], [2.5])]),
  Softmax: (model, x) => model.node('Softmax', [x], { attributes: { axis: -1 } }),
  LogSoftmax: (model, x) => model.node('LogSoftmax', [x], { attributes: { axis: -2 } }),
  LayerNormalization: (model, x) =>
    model.node('LayerNormalization', [x, model.floats([4], [1, 2, 3, 4]), model.floats([4], [0, 1, 0, 1])], {
      attributes: { axis: -1 },
    }),
  InstanceNormalization: (model, x) =>
    model.node('InstanceNormalization', [x, model.floats([3], [1, 2, 3]), model.floats([3], [1, 2, 0])]),
  ReduceMean: (model, x) => model.node('ReduceMean', [x], { attributes: { axes: [2] } }),
  AveragePool: (model, x) => model.node('AveragePool', [x], { attributes: { kernel_shape: [2, 2] } }),
};

describe('the slopes that drift goes by', () => {
  for (const [name, build] of Object.entries(NETWORKS).filter(([key]) => OPERATOR_NAMES.includes(key))) {
    it(`of ${name} are those of finite differences`, async () => {
      const opset = name === 'Gelu' ? 20 : 17;
      const model = new OnnxBuilder({ opset, ir: 9 });
      const x = model.input('x', 'float32', [1, 3, 4, 4]);
      const y = build(model, model.node('Identity', [x]));
      model.output(model.node('Mul', [y, model.floats([], [1.5])]), 'float32');
      const onnx = model.bytes();
      const program = compile(onnx);
      const executor = await Executor.open(program, onnx, { trace: true });
      const run = async (data: Float32Array) => {
        const inputs = [new Uint8Array(data.buffer)];
        return commitTrace(program, inputs, await executor.run(inputs));
      };
      const data = Float32Array.from({ length: 48 }, () => between(0.3, 1.5));
      const { value } = program.outputs[0];
      const count = elementCount(program.values[value].type);
      const weights = new Map(Array.from({ length: count }, (_, i) => [i, between(-1, 1)]));
      const honest = await run(data);
      const sum = ({ values }: typeof honest): number => {
        const out = new Float32Array(values[value]!.bytes.slice().buffer);
        return out.reduce((total, v, i) => total + v * weights.get(i)!, 0);
      };
      const { type } = program.values[0];
      const [slopes] = new Linearised(honest).sensitivities(value, weights);
      for (const element of [0, 7, 21, 47]) {
        const moved = async (by: number) => sum(await run(data.with(element, data[element] + by)));
        const expected = ((await moved(2 ** -9)) - (await moved(-(2 ** -9)))) / 2 ** -8;
        const place = physicalOf(type, coordinatesOf({ ...type, layout: 0 }, element));
        expect(slopes[place], `${element}`).to.be.closeTo(expected, 0.01 * Math.abs(expected) + 4e-3);
      }
      await executor.close();
    });
  }
});
