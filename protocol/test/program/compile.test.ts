import { expect } from 'chai';
import { compile, defaultJudges, EssaimError, OnnxBuilder, readOnnx, withOutputs, writeOnnx } from '../../src/index.ts';

/** The error that compiling gives. */
function refusal(build: (b: OnnxBuilder) => unknown, options: { opset?: number } = {}): EssaimError {
  const b = new OnnxBuilder(options);
  build(b);
  try {
    compile(b.bytes());
  } catch (error) {
    if (error instanceof EssaimError) return error;
    throw error;
  }
  throw new Error('it was compiled');
}
const floats = (b: OnnxBuilder, dims: (number | string)[] = [2, 2]) => b.input('x', 'float32', dims);

describe('compile refuses', () => {
  const cases: [string, string, (b: OnnxBuilder) => unknown, { opset?: number }?][] = [
    [
      'an operator without a judge',
      'ONNX_UNSUPPORTED_OPERATOR',
      (b) => b.output(b.node('Det', [floats(b)], { name: 'soft' })),
    ],
    [
      'a random operator',
      'ONNX_UNSUPPORTED_OPERATOR',
      (b) => b.output(b.node('RandomNormalLike', [floats(b)], { name: 'soft' })),
    ],
    ['control flow', 'ONNX_CONTROL_FLOW', (b) => b.output(b.node('Loop', [floats(b)], { name: 'soft' }))],
    ['an old operator set', 'ONNX_UNSUPPORTED_OPSET', (b) => b.output(b.node('Relu', [floats(b)])), { opset: 12 }],
    ['a later operator set', 'ONNX_UNSUPPORTED_OPSET', (b) => b.output(b.node('Relu', [floats(b)])), { opset: 27 }],
    ['a free dimension', 'ONNX_DYNAMIC_SHAPE', (b) => b.output(b.node('Relu', [floats(b, ['batch', 2])]))],
    [
      'a computed shape',
      'ONNX_DYNAMIC_SHAPE',
      (b) => b.output(b.node('Reshape', [floats(b), b.input('s', 'int64', [1])], { name: 'soft' })),
    ],
    [
      'a product of mixed signedness',
      'ONNX_MIXED_SIGN_PRODUCT',
      (b) =>
        b.output(
          b.node('MatMulInteger', [b.input('x', 'uint8', [2, 2]), b.input('w', 'int8', [2, 2])], { name: 'soft' }),
        ),
    ],
    [
      'a cast that may leave its type',
      'ONNX_UNGUARDED_CAST',
      (b) => b.output(b.node('Cast', [floats(b)], { attributes: { to: 3 }, name: 'soft' })),
    ],
    [
      'a cast of a clipped value that may be NaN',
      'ONNX_UNGUARDED_CAST',
      (b) => {
        const limit = (x: number) => b.floats([], [x]);
        b.output(
          b.node('Cast', [b.node('Clip', [floats(b), limit(0), limit(9)])], { attributes: { to: 3 }, name: 'soft' }),
        );
      },
    ],
    [
      'an integer divisor of 0',
      'ONNX_UNGUARDED_DIVISION',
      (b) => b.output(b.node('Div', [b.input('x', 'int64', [2]), b.ints([2], [1, 0])], { name: 'soft' })),
    ],
    [
      'an integer divisor of -1',
      'ONNX_UNGUARDED_DIVISION',
      (b) => b.output(b.node('Div', [b.input('x', 'int64', [2]), b.ints([], [-1])], { name: 'soft' })),
    ],
    [
      'a computed integer divisor',
      'ONNX_UNGUARDED_DIVISION',
      (b) => b.output(b.node('Div', [b.input('x', 'int64', [2]), b.input('d', 'int64', [2])], { name: 'soft' })),
    ],
    [
      'an unknown attribute',
      'ONNX_UNSUPPORTED_ATTRIBUTE',
      (b) => b.output(b.node('Relu', [floats(b)], { attributes: { alpha: 1 }, name: 'soft' })),
    ],
    [
      'a second output',
      'ONNX_UNSUPPORTED_OPERATOR',
      (b) => {
        b.node('MaxPool', [b.input('x', 'float32', [1, 1, 4, 4])], {
          attributes: { kernel_shape: [2, 2] },
          outputs: ['y', 'at'],
          name: 'soft',
        });
        b.output('y');
      },
    ],
    [
      'one-dimensional convolution',
      'ONNX_UNSUPPORTED_OPERATOR',
      (b) =>
        b.output(b.node('Conv', [b.input('x', 'float32', [1, 1, 4]), b.floats([1, 1, 2], [1, 2])], { name: 'soft' })),
    ],
    [
      'a scaled Gemm',
      'JUDGE_REFUSES',
      (b) =>
        b.output(
          b.node('Gemm', [floats(b), b.input('w', 'float32', [2, 2])], {
            attributes: { alpha: { float: 2 } },
            name: 'soft',
          }),
        ),
    ],
    [
      'arithmetic on a type that no judge takes',
      'ONNX_UNSUPPORTED_OPERATOR',
      (b) => b.output(b.node('Sqrt', [b.node('Equal', [floats(b), floats2(b)])], { name: 'soft' })),
    ],
    [
      'a dot product that no transaction could hold',
      'PROGRAM_FAULT_TOO_LARGE',
      (b) =>
        b.output(b.node('MatMul', [floats(b, [1, 13_000]), b.input('w', 'float32', [13_000, 1])], { name: 'soft' })),
    ],
    [
      'a pool whose window is scattered over too many chunks',
      'PROGRAM_FAULT_TOO_LARGE',
      (b) =>
        b.output(
          b.node('MaxPool', [floats(b, [1, 1, 240, 1024])], { attributes: { kernel_shape: [130, 1] }, name: 'soft' }),
        ),
    ],
    [
      'shapes that do not fit',
      'ONNX_MALFORMED',
      (b) => b.output(b.node('Add', [floats(b), b.floats([3], [1, 2, 3])], { name: 'soft' })),
    ],
    [
      'types that do not fit',
      'ONNX_MALFORMED',
      (b) => b.output(b.node('Add', [floats(b), b.ints([2], [1, 2])], { name: 'soft' })),
    ],
    [
      'a value before it is made',
      'ONNX_MALFORMED',
      (b) => {
        floats(b);
        b.node('Relu', ['later'], { name: 'soft', outputs: ['y'] });
        b.node('Relu', ['x'], { outputs: ['later'] });
        b.output('y');
      },
    ],
    [
      'an output that is an input',
      'ONNX_MALFORMED',
      (b) => {
        b.output(b.node('Relu', [floats(b)]));
        b.output('x');
      },
    ],
    [
      'an output of another shape than declared',
      'ONNX_MALFORMED',
      (b) => b.output(b.node('Relu', [floats(b)]), 'float32', [4]),
    ],
    [
      'a range that its type cannot hold',
      'ONNX_BAD_RANGE',
      (b) => b.output(b.node('Relu', [b.input('x', 'int8', [1], { low: 0, high: 300, step: 1 })])),
    ],
    [
      'a range of no input',
      'ONNX_BAD_RANGE',
      (b) => {
        b.output(b.node('Relu', [floats(b)]));
        b.metadata('essaim.range.z', '0 1 0');
      },
    ],
    [
      'an empty range',
      'ONNX_BAD_RANGE',
      (b) => b.output(b.node('Relu', [b.input('x', 'float32', [1], { low: 1, high: 0, step: 0 })])),
    ],
    ['a model without nodes', 'ONNX_MALFORMED', (b) => b.input('x', 'float32', [1])],
  ];
  const floats2 = (b: OnnxBuilder) => b.input('x2', 'float32', [2, 2]);

  for (const [what, code, build, options] of cases) {
    it(`${what}: ${code}`, () => {
      const error = refusal(build, options);
      expect(error.code, error.message).to.equal(code);
      expect(error.help).to.not.equal('');
      const model = new OnnxBuilder(options);
      build(model);
      if (model.model().nodes.some((node) => node.name === 'soft')) expect(error.message).to.contain('soft');
    });
  }

  it('a model whose graph is written in two parts, which engines would merge', () => {
    const b = new OnnxBuilder();
    b.output(b.node('Relu', [floats(b)], { outputs: ['y'] }));
    expect(() => compile(withOutputs(b.bytes(), ['z'])))
      .to.throw(EssaimError)
      .with.property('code', 'ONNX_SECOND_GRAPH');
  });

  it('a judge contract that is not known here', () => {
    const b = new OnnxBuilder();
    b.output(b.node('Relu', [floats(b)]));
    const judges = { ...defaultJudges, codeHash: () => undefined };
    expect(() => compile(b.bytes(), { judges }))
      .to.throw(EssaimError)
      .with.property('code', 'ONNX_UNSUPPORTED_OPERATOR');
  });
});

describe('compile', () => {
  const model = () => {
    const b = new OnnxBuilder();
    const x = b.input('x', 'float32', [1, 4], { low: 0, high: 255, step: 1 });
    const w = b.initializer(
      'w',
      'float32',
      [4, 3],
      Float32Array.from({ length: 12 }, (_, i) => i - 6),
    );
    const two = b.node('Constant', [], { attributes: { value_float: { float: 2 } } });
    const y = b.node('Mul', [b.node('MatMul', [x, w]), two]);
    b.output(
      b.node('Reshape', [y, b.node('Constant', [], { attributes: { value_ints: [3, -1] } })], { outputs: ['y'] }),
    );
    return b;
  };

  it('gives the same program for the same bytes, and for the same model written anew', () => {
    const bytes = model().bytes();
    const program = compile(bytes);
    expect(compile(bytes.slice()).id).to.equal(program.id);
    expect(compile(writeOnnx(readOnnx(bytes))).id).to.equal(program.id);
  });

  it('gives another program for another weight, range, attribute or operator set', () => {
    const { id } = compile(model().bytes());
    const parsed = readOnnx(model().bytes());
    const initializers = parsed.initializers.map((t) => ({
      ...t,
      bytes: t.bytes.map((b, i) => (i === 3 ? b ^ 1 : b)),
    }));
    const metadata = new Map([['essaim.range.x', '0 254 1']]);
    for (const change of [{ initializers }, { metadata }, { opset: 13 }]) {
      expect(compile(writeOnnx({ ...parsed, ...change })).id).to.not.equal(id);
    }
  });

  it('makes Constant nodes weights, folds shapes, and gives names nothing to say', () => {
    const program = compile(model().bytes());
    expect(program.operators.map((op) => op.name)).to.eql(['MatMul', 'Mul', 'Reshape']);
    expect(program.weights.map((w) => [w.type.dims, w.type.layout])).to.eql([
      [[4, 3], 1],
      [[], 0],
    ]);
    expect(program.operators[2].inputs).to.have.length(1);
    expect(program.values[2].type.dims).to.eql([3, 1]);
    expect(program.outputs).to.eql([{ name: 'y', value: 2 }]);
    const renamed = readOnnx(model().bytes());
    const nodes = renamed.nodes.map((node, i) => ({ ...node, name: `n${i}` }));
    expect(compile(writeOnnx({ ...renamed, name: 'other', nodes })).id).to.equal(program.id);
  });

  it('keeps one copy of a weight for each layout that is wanted, and relays shared values', () => {
    const b = new OnnxBuilder();
    const x = b.input('x', 'float32', [2, 2]);
    const w = b.floats([2, 2], [1, 2, 3, 4]);
    const left = b.node('MatMul', [w, x]);
    const right = b.node('MatMul', [left, w]);
    b.output(b.node('MatMul', [right, right]));
    const program = compile(b.bytes());
    expect(program.operators.map((op) => op.name)).to.eql(['Relayout', 'MatMul', 'MatMul', 'Relayout', 'MatMul']);
    expect(program.weights.map((weight) => weight.type.layout)).to.eql([0, 1]);
    expect(program.values[0].source).to.eql({ relayoutOf: { kind: 'input', index: 0 } });
    expect(program.values[3].source).to.eql({ relayoutOf: { kind: 'value', index: 2 } });
  });
});
