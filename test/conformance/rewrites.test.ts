import {
  type AttributeInput,
  compile,
  type DType,
  elementCount,
  judgeElement,
  OnnxBuilder,
  type OnnxModel,
  type Program,
  rewriteModel,
  tensorsOf,
  writeOnnx,
} from '@essaim/protocol';
import { Executor, openSession, wholeExecution } from '@essaim/runtime';
import { expect } from 'chai';
import * as ort from 'onnxruntime-node';
import { random } from '../random.ts';

/** Elements judged of each operator. */
const JUDGED = 16;

interface Node {
  readonly type: string;
  /** Float inputs, by their dimensions. */
  readonly inputs: readonly (readonly number[])[];
  /** Constant integers after them. */
  readonly ints?: readonly (readonly number[])[];
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  /** Element types of the results; one of floats by default. */
  readonly outputs?: readonly DType[];
  readonly opset?: number;
}

function modelOf({ type, inputs, ints = [], attributes, outputs = ['float32'], opset = 17 }: Node): OnnxModel {
  const builder = new OnnxBuilder({ opset, ir: opset > 20 ? 11 : 8 });
  const operands = inputs.map((dims, i) => builder.input(`x${i}`, 'float32', dims));
  const constants = ints.map((values) => builder.ints([values.length], values));
  const names = outputs.map((_, i) => `y${i}`);
  builder.node(type, [...operands, ...constants], { attributes, outputs: names });
  for (const [i, name] of names.entries()) builder.output(name, outputs[i]);
  return builder.model();
}

/** What a model gives as it is, by ONNX Runtime. */
async function original(model: OnnxModel, program: Program, inputs: readonly Uint8Array[]) {
  const { session } = await openSession(writeOnnx(model));
  const feeds = Object.fromEntries(
    program.inputs.map(({ name, type }, i) => [
      name,
      new ort.Tensor('float32', new Float32Array(inputs[i].slice().buffer), type.dims),
    ]),
  );
  const results = await session.run(feeds);
  await session.release();
  return results;
}

/** Rewrites a node, and holds what comes of it to what ONNX Runtime makes of the node and to the judges. */
async function check(node: Node, why: RegExp): Promise<void> {
  const next = random(5);
  const model = modelOf(node);
  expect(() => compile(writeOnnx(model)), 'as it is').to.throw();
  const { model: rewritten, rewrites } = rewriteModel(model);
  expect(rewrites.map((rewrite) => rewrite.why).join()).to.match(why);
  const onnx = writeOnnx(rewritten);
  const program = compile(onnx);
  const inputs = program.inputs.map(
    ({ type }) => new Uint8Array(Float32Array.from({ length: elementCount(type) }, () => 2 * next() - 1).buffer),
  );
  const executor = await Executor.open(program, onnx, { trace: 'whole' });
  const results = await executor.run(inputs);
  await executor.close();
  for (const [name, tensor] of Object.entries(await original(model, program, inputs))) {
    const made = results[name];
    if (tensor.type !== 'float32') {
      expect(Buffer.from(made).equals(Buffer.from((tensor.data as BigInt64Array).buffer)), name).to.equal(true);
      continue;
    }
    const [a, b] = [new Float32Array(made.slice().buffer), tensor.data as Float32Array];
    const scale = Math.max(1e-6, ...b.slice(0, 10_000).map(Math.abs));
    const worst = a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
    expect(a.length, name).to.equal(b.length);
    expect(worst / scale, name).to.be.below(1e-4);
  }
  const execution = wholeExecution(program, inputs, results);
  const tensorOf = tensorsOf(execution);
  for (const op of program.operators) {
    for (let i = 0; i < JUDGED; i++) {
      const element = Math.floor(next() * elementCount(op.outputTypes[0]));
      const { verdict, permitted } = judgeElement(program, op, 0, element, tensorOf);
      expect(verdict, `${op.name} ${element}: ${permitted.describe()}`).to.equal('permitted');
    }
  }
}

const VOCABULARY = 50_257;
const cases: readonly (readonly [string, Node, RegExp])[] = [
  ['a Softmax over a vocabulary', { type: 'Softmax', inputs: [[2, VOCABULARY]] }, /50257 elements/],
  ['a LogSoftmax over its first axis', { type: 'LogSoftmax', inputs: [[20_000, 2]], attributes: { axis: 0 } }, /20000/],
  ['ReduceMax over a vocabulary', { type: 'ReduceMax', inputs: [[2, 151_936]], attributes: { axes: [1] } }, /151936/],
  ['ReduceMin of all axes', { type: 'ReduceMin', inputs: [[3, 60, 70]], attributes: { keepdims: 0 } }, /12600/],
  [
    'ReduceMean over two axes',
    { type: 'ReduceMean', inputs: [[2, 200, 3, 90]], attributes: { axes: [1, 3] } },
    /18000/,
  ],
  ['ReduceSum over a vocabulary', { type: 'ReduceSum', inputs: [[VOCABULARY]] }, /50257/],
  ['GlobalAveragePool of large images', { type: 'GlobalAveragePool', inputs: [[1, 3, 128, 128]] }, /16384/],
  [
    'TopK over a vocabulary',
    { type: 'TopK', inputs: [[2, VOCABULARY]], ints: [[50]], outputs: ['float32', 'int64'] },
    /50257/,
  ],
  ['CumSum over a long row', { type: 'CumSum', inputs: [[2, 20_000]], ints: [[1]] }, /20000/],
  [
    'CumSum backwards without its own element',
    { type: 'CumSum', inputs: [[20_000]], ints: [[0]], attributes: { reverse: 1, exclusive: 1 } },
    /20000/,
  ],
  [
    'DynamicQuantizeLinear of a large tensor',
    { type: 'DynamicQuantizeLinear', inputs: [[160, 256]], outputs: ['uint8', 'float32', 'uint8'] },
    /40960/,
  ],
  ['LayerNormalization of long rows', { type: 'LayerNormalization', inputs: [[2, 16_000], [16_000]] }, /16000/],
  [
    'InstanceNormalization of large images',
    { type: 'InstanceNormalization', inputs: [[1, 2, 128, 128], [2], [2]] },
    /16384/,
  ],
  [
    'MatMul of long rows',
    {
      type: 'MatMul',
      inputs: [
        [3, 14_336],
        [14_336, 5],
      ],
    },
    /14336 products/,
  ],
  [
    'Gemm of long columns, scaled',
    {
      type: 'Gemm',
      inputs: [[14_336, 2], [4, 14_336], [4]],
      attributes: { transA: 1, transB: 1, alpha: { float: 0.5 }, beta: { float: 2 } },
    },
    /14336 products/,
  ],
  ['Conv of very many channels', { type: 'Conv', inputs: [[1, 1500, 4, 4], [2, 1500, 3, 3], [2]] }, /13500 products/],
  [
    'Conv in three dimensions, in groups',
    {
      type: 'Conv',
      inputs: [[2, 4, 5, 6, 7], [6, 2, 3, 2, 3], [6]],
      attributes: { group: 2, strides: [2, 1, 2], pads: [1, 0, 1, 2, 1, 0], dilations: [1, 2, 1] },
    },
    /three/,
  ],
  [
    'ConvTranspose in three dimensions, in groups',
    {
      type: 'ConvTranspose',
      inputs: [[1, 4, 3, 4, 5], [4, 3, 3, 2, 3], [6]],
      attributes: { group: 2, strides: [2, 1, 2], pads: [1, 0, 1, 0, 1, 1], output_padding: [1, 0, 1] },
    },
    /three/,
  ],
  [
    'ConvTranspose in one',
    {
      type: 'ConvTranspose',
      inputs: [
        [1, 2, 5],
        [2, 3, 4],
      ],
      attributes: { strides: [3] },
    },
    /one/,
  ],
  [
    'AveragePool in three dimensions',
    {
      type: 'AveragePool',
      inputs: [[1, 2, 6, 7, 8]],
      attributes: { kernel_shape: [3, 2, 3], pads: [1, 1, 1, 1, 0, 1] },
    },
    /three/,
  ],
  [
    'MaxPool in one, cut off at its end',
    { type: 'MaxPool', inputs: [[1, 2, 8]], attributes: { kernel_shape: [3], strides: [2], ceil_mode: 1 } },
    /one/,
  ],
  [
    'an Einsum of three operands',
    {
      type: 'Einsum',
      inputs: [
        [2, 3],
        [3, 4],
        [4, 5],
      ],
      attributes: { equation: 'ij,jk,kl->li' },
    },
    /equation/,
  ],
  [
    'an Einsum with an ellipsis and a letter of its own',
    {
      type: 'Einsum',
      inputs: [
        [2, 3, 4, 5],
        [2, 4, 6],
      ],
      attributes: { equation: 'bs...d,b...e->s...e' },
    },
    /equation/,
  ],
  [
    'attention in groups of heads, causal',
    {
      type: 'Attention',
      inputs: [
        [1, 6, 32],
        [1, 6, 16],
        [1, 6, 16],
      ],
      attributes: { q_num_heads: 4, kv_num_heads: 2, is_causal: 1 },
      opset: 23,
    },
    /Softmax/,
  ],
  ['a local response', { type: 'LRN', inputs: [[1, 6, 3, 3]], attributes: { size: 3 } }, /other functions/],
  ['Mish', { type: 'Mish', inputs: [[3, 4]], opset: 18 }, /other functions/],
];

describe('rewritten nodes give what ONNX Runtime makes of them as they are, and are judged', () => {
  for (const [title, node, why] of cases) {
    it(title, () => check(node, why));
  }

  it('leaves a model alone whose every node is judged', () => {
    const model = modelOf({ type: 'Softmax', inputs: [[2, 100]] });
    expect(rewriteModel(model)).to.deep.equal({ model, rewrites: [] });
  });

  it('refuses attributes that it does not know', () => {
    const unknown = modelOf({ type: 'Mish', inputs: [[3]], attributes: { beta: { float: 2 } }, opset: 18 });
    expect(() => rewriteModel(unknown)).to.throw(/beta is unknown/);
    const window = modelOf({
      type: 'Attention',
      inputs: [
        [1, 1, 2, 2],
        [1, 1, 2, 2],
        [1, 1, 2, 2],
      ],
      attributes: { reach: 1 },
      opset: 24,
    });
    expect(() => rewriteModel(window)).to.throw(/reach is unknown/);
  });
});
