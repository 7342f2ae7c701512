import { expect } from 'chai';
import { compile, type EssaimError, OnnxBuilder } from '../../src/index.ts';

type Build = (b: OnnxBuilder) => string;
const floats = (b: OnnxBuilder, dims: number[] = [2, 3]): string => b.input('x', 'float32', dims);
const numbers = (b: OnnxBuilder, dtype: 'int32' | 'uint8', dims: number[] = [2, 3]): string =>
  b.input('n', dtype, dims);

const REFUSED: readonly (readonly [string, string, Build, number?])[] = [
  ['a linear Resize', 'ONNX_UNSUPPORTED_ATTRIBUTE', (b) => resize(b, { mode: 'linear' }, [1, 1, 2, 2])],
  [
    'a Resize whose scale lets rounding choose',
    'ONNX_UNSUPPORTED_ATTRIBUTE',
    (b) => resize(b, { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }, [1, 1, 1, 1.1]),
  ],
  [
    'an Einsum with a letter twice in a term',
    'ONNX_UNSUPPORTED_ATTRIBUTE',
    (b) => b.node('Einsum', [floats(b, [3, 3]), b.floats([3], [1, 2, 3])], { attributes: { equation: 'ii,i->i' } }),
  ],
  [
    'an Einsum with an ellipsis',
    'ONNX_UNSUPPORTED_ATTRIBUTE',
    (b) => b.node('Einsum', [floats(b), b.floats([3], [1, 2, 3])], { attributes: { equation: '...i,i->...' } }),
  ],
  [
    'an unsorted TopK',
    'ONNX_UNSUPPORTED_ATTRIBUTE',
    (b) => b.node('TopK', [floats(b), b.ints([1], [1])], { attributes: { sorted: 0 } }),
  ],
  ['a TopK of more than there is', 'ONNX_MALFORMED', (b) => b.node('TopK', [floats(b), b.ints([1], [4])])],
  [
    'a Mod by a computed divisor',
    'ONNX_UNGUARDED_DIVISION',
    (b) => {
      const n = numbers(b, 'int32');
      return b.node('Mod', [n, n]);
    },
  ],
  [
    'a shift by the whole width',
    'ONNX_UNGUARDED_SHIFT',
    (b) =>
      b.node('BitShift', [numbers(b, 'uint8'), b.initializer('w', 'uint8', [], Uint8Array.of(8))], {
        attributes: { direction: 'LEFT' },
      }),
  ],
  [
    'a Pad that reflects more than there is',
    'JUDGE_REFUSES',
    (b) => b.node('Pad', [floats(b), b.ints([4], [0, 3, 0, 0])], { attributes: { mode: 'reflect' } }),
  ],
  ['computed pads', 'ONNX_DYNAMIC_SHAPE', (b) => b.node('Pad', [floats(b), b.input('p', 'int64', [4])])],
  [
    'a Dropout that may be training',
    'ONNX_UNSUPPORTED_OPERATOR',
    (b) => b.node('Dropout', [floats(b), '', b.input('t', 'bool', [])]),
  ],
  [
    'a product of mixed signs, requantised',
    'ONNX_MIXED_SIGN_PRODUCT',
    (b) => {
      const bytes = (name: string, dtype: 'int8' | 'uint8', dims: number[], count: number) =>
        b.initializer(name, dtype, dims, new Uint8Array(count));
      const one = b.floats([], [1]);
      const w = bytes('w', 'int8', [3, 2], 6);
      const zero = bytes('z', 'uint8', [], 1);
      return b.node('QLinearMatMul', [numbers(b, 'uint8'), one, zero, w, one, bytes('v', 'int8', [], 1), one, zero]);
    },
  ],
  [
    'scales for blocks of an axis',
    'ONNX_UNSUPPORTED_ATTRIBUTE',
    (b) => b.node('QuantizeLinear', [floats(b), b.floats([2, 1], [1, 2])], { attributes: { block_size: 3, axis: 1 } }),
    21,
  ],
  [
    'a row that no transaction could hold',
    'PROGRAM_FAULT_TOO_LARGE',
    (b) => b.node('ReduceMax', [floats(b, [2, 40_000])], { attributes: { axes: [1] } }),
  ],
  [
    'a transposed convolution whose output is to be larger than it can be',
    'ONNX_UNSUPPORTED_ATTRIBUTE',
    (b) =>
      b.node('ConvTranspose', [floats(b, [1, 1, 2, 2]), b.floats([1, 1, 1, 1], [1])], {
        attributes: { output_shape: [3, 3] },
      }),
  ],
  ...(
    [
      ['a Pad', 'Pad', 'mode', 'mirror', [[2, 3]], [[1, 1, 1, 1]]],
      ['a DepthToSpace', 'DepthToSpace', 'mode', 'RCD', [[1, 4, 2, 2]], []],
      [
        'a Conv',
        'Conv',
        'auto_pad',
        'SAME',
        [
          [1, 1, 4, 4],
          [1, 1, 2, 2],
        ],
        [],
      ],
      ['a MaxPool', 'MaxPool', 'auto_pad', 'AUTO', [[1, 1, 4, 4]], []],
      [
        'a ConvTranspose',
        'ConvTranspose',
        'auto_pad',
        'AUTO',
        [
          [1, 1, 4, 4],
          [1, 1, 2, 2],
        ],
        [],
      ],
      ['a LayerNormalization', 'LayerNormalization', 'stash_type', 16, [[2, 3], [3]], []],
      ['a GroupNormalization', 'GroupNormalization', 'stash_type', 10, [[1, 2, 3], [2], [2]], []],
      ['a BatchNormalization', 'BatchNormalization', 'training_mode', 1, [[1, 2, 3], [2], [2], [2], [2]], []],
      ['a MaxPool', 'MaxPool', 'storage_order', 1, [[1, 1, 4, 4]], []],
      ['a Gelu', 'Gelu', 'approximate', 'sigmoid', [[2, 3]], []],
      ['a TopK', 'TopK', 'sorted', 0, [[2, 3]], [[1]]],
      ['a Resize', 'Resize', 'nearest_mode', 'middle', [[1, 1, 2, 2]], []],
      ['a Resize', 'Resize', 'coordinate_transformation_mode', 'tf_crop_and_resize', [[1, 1, 2, 2]], []],
    ] as const
  ).map(
    ([title, type, name, value, shapes, ints]) =>
      [
        `${title} with ${name} ${value}`,
        'ONNX_UNSUPPORTED_ATTRIBUTE',
        (b: OnnxBuilder) => {
          const operands = shapes.map((dims, i) => b.input(`x${i}`, 'float32', dims));
          const constants = ints.map((values) => b.ints([values.length], values));
          const scales = type === 'Resize' ? ['', b.floats([4], [1, 1, 2, 2])] : [];
          const kernel: Record<string, number[]> = type === 'MaxPool' ? { kernel_shape: [2, 2] } : {};
          const others = {
            ...kernel,
            ...(type === 'GroupNormalization' ? { num_groups: 2 } : {}),
            ...(type === 'DepthToSpace' ? { blocksize: 2 } : {}),
          };
          return b.node(type, [...operands, ...constants, ...scales], { attributes: { ...others, [name]: value } });
        },
        21,
      ] as const,
  ),
];

function resize(b: OnnxBuilder, attributes: Record<string, string>, scales: number[]): string {
  return b.node('Resize', [floats(b, [1, 1, 4, 400]), '', b.floats([4], scales)], { attributes });
}

describe('compile refuses', () => {
  for (const [what, code, build, opset = 17] of REFUSED) {
    it(`${what}: ${code}`, () => {
      const b = new OnnxBuilder({ opset });
      b.output(build(b));
      let thrown: EssaimError | undefined;
      try {
        compile(b.bytes());
      } catch (error) {
        thrown = error as EssaimError;
      }
      expect(thrown?.code, thrown?.message).to.equal(code);
      expect(thrown?.help).not.to.equal('');
    });
  }
});
