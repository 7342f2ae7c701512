import { OnnxBuilder } from '@essaim/protocol';

/** A small model, and inputs for it: row-major bytes in order. */
export interface Case {
  readonly name: string;
  readonly onnx: Uint8Array;
  readonly inputs: readonly Uint8Array[];
}

type Next = () => number;
const ARRAYS = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int32: Int32Array,
} as const;
type Small = keyof typeof ARRAYS;

/** What the floats below keep to. */
const ANY = { low: -4, high: 4, step: 0 };
const GRID = { low: -4, high: 4, step: 0.5 };
const integers = (next: Next, low: number, high: number) => () => low + Math.floor(next() * (high - low + 1));
const fill = (dtype: Small, dims: readonly number[], next: Next, { low, high, step } = ANY) => {
  const count = dims.reduce((a, b) => a * b, 1);
  const whole = integers(next, dtype === 'uint8' ? 0 : -9, 9);
  const float = () => (step ? low + step * integers(next, 0, (high - low) / step)() : low + next() * (high - low));
  return ARRAYS[dtype].from(Array.from({ length: count }, dtype === 'float32' ? float : whole));
};
const raw = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** What to build a one-node case from: operand shapes, the first an input, the others as said. */
interface NodeCase {
  readonly type: string;
  readonly dtype?: Small;
  readonly x: readonly number[];
  /** Further operands: an input, a weight, an absent one, or integers that shape the result. */
  readonly more?: readonly (
    | { readonly input: readonly number[]; readonly dtype?: Small }
    | { readonly weight: readonly number[]; readonly dtype?: Small; readonly values?: readonly number[] }
    | { readonly ints: readonly number[] }
    | null
  )[];
  readonly attributes?: Parameters<OnnxBuilder['node']>[2] extends infer O
    ? O extends { attributes?: infer A }
      ? A
      : never
    : never;
  readonly opset?: number;
  readonly range?: typeof ANY;
}

const NODES: readonly NodeCase[] = [
  { type: 'Identity', x: [2, 3] },
  ...['MatMul', 'Gemm', 'Mul', 'Add', 'Div'].map((type) => ({
    type,
    x: [3, 3],
    more: [{ weight: [3, 3], values: [1, 2, 0.5, 3, -1, 4, 0.25, 8, -6] }],
    range: GRID,
  })),
  { type: 'Reshape', x: [2, 3, 4], more: [{ ints: [0, -1] }] },
  { type: 'Flatten', x: [2, 3, 4], attributes: { axis: 2 } },
  { type: 'Flatten', x: [2, 3, 4], attributes: { axis: -2 } },
  { type: 'Squeeze', x: [1, 3, 1, 2], more: [{ ints: [-2] }] },
  { type: 'Squeeze', x: [1, 3, 1, 2] },
  { type: 'Unsqueeze', x: [3, 2], more: [{ ints: [-1, 0] }] },
  { type: 'Expand', x: [3, 1], more: [{ ints: [2, 1, 4] }] },
  { type: 'Transpose', x: [2, 3, 4], attributes: { perm: [2, 0, 1] } },
  { type: 'Transpose', x: [2, 3] },
  { type: 'Concat', x: [2, 3], more: [{ weight: [2, 1] }, { input: [2, 2] }], attributes: { axis: -1 } },
  { type: 'Slice', x: [5, 6], more: [{ ints: [1, -1] }, { ints: [4, -100] }, { ints: [0, 1] }, { ints: [2, -2] }] },
  { type: 'Slice', x: [5, 6], more: [{ ints: [-3] }, { ints: [9007199254740991] }, { ints: [-1] }] },
  { type: 'Gather', x: [4, 3], more: [{ ints: [2, 0, -1] }] },
  { type: 'Gather', x: [4, 3], more: [{ ints: [1, 1] }], attributes: { axis: 1 } },
  ...['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max'].map((type) => ({ type, x: [2, 1, 3], more: [{ input: [4, 1] }] })),
  ...['Add', 'Sub', 'Mul', 'Min', 'Max'].map((type) => ({
    type,
    dtype: 'int32' as const,
    x: [2, 3],
    more: [{ input: [3], dtype: 'int32' as const }],
  })),
  { type: 'Div', dtype: 'int32', x: [2, 3], more: [{ weight: [3], dtype: 'int32', values: [3, -4, 7] }] },
  ...['Relu', 'Floor', 'Ceil', 'Round', 'Neg', 'Abs', 'Sqrt'].map((type) => ({ type, x: [3, 4] })),
  { type: 'LeakyRelu', x: [3, 4], attributes: { alpha: { float: 0.3 } } },
  ...['Neg', 'Abs', 'Sign'].map((type) => ({ type, dtype: 'int32' as const, x: [3, 4] })),
  {
    type: 'Clip',
    x: [3, 4],
    more: [
      { weight: [], values: [-1] },
      { weight: [], values: [2.5] },
    ],
  },
  { type: 'Clip', x: [3, 4], more: [null, { weight: [], values: [1] }] },
  { type: 'Clip', dtype: 'int32', x: [3, 4], more: [{ weight: [], dtype: 'int32', values: [-2] }] },
  { type: 'Cast', x: [2, 3], attributes: { to: 6 } },
  { type: 'Cast', dtype: 'int32', x: [2, 3], attributes: { to: 1 } },
  { type: 'Cast', dtype: 'int32', x: [2, 3], attributes: { to: 7 } },
  { type: 'Cast', dtype: 'int32', x: [2, 3], attributes: { to: 9 } },
  ...['Greater', 'Less', 'Equal', 'GreaterOrEqual', 'LessOrEqual'].map((type) => ({
    type,
    x: [2, 3],
    more: [{ weight: [3] }],
  })),
  { type: 'ArgMax', x: [3, 5], attributes: { axis: 1 } },
  { type: 'ArgMax', x: [3, 5], attributes: { axis: -1, keepdims: 0, select_last_index: 1 } },
  { type: 'ArgMin', dtype: 'int32', x: [3, 5, 2], attributes: { axis: 1, keepdims: 0 } },
  { type: 'MaxPool', x: [1, 2, 6, 7], attributes: { kernel_shape: [2, 3], strides: [2, 2], pads: [0, 1, 1, 1] } },
  { type: 'MaxPool', x: [1, 2, 5, 5], attributes: { kernel_shape: [3, 3], auto_pad: 'SAME_LOWER', strides: [2, 2] } },
  { type: 'MaxPool', x: [1, 1, 7, 7], attributes: { kernel_shape: [2, 2], dilations: [2, 2] }, opset: 22 },
  { type: 'MatMul', x: [3, 5], more: [{ weight: [5, 4] }] },
  { type: 'MatMul', x: [2, 3, 5], more: [{ input: [5, 4] }] },
  { type: 'MatMul', x: [5], more: [{ weight: [2, 5, 4] }] },
  { type: 'MatMul', x: [2, 1, 3, 5], more: [{ weight: [3, 5, 2] }] },
  { type: 'MatMul', x: [3, 5], more: [{ weight: [5] }] },
  { type: 'MatMulInteger', dtype: 'uint8', x: [3, 5], more: [{ weight: [5, 4], dtype: 'uint8' }] },
  {
    type: 'MatMulInteger',
    dtype: 'int8',
    x: [3, 5],
    more: [
      { weight: [5, 4], dtype: 'int8' },
      { weight: [], dtype: 'int8', values: [3] },
      { weight: [4], dtype: 'int8', values: [1, 0, -2, 5] },
    ],
  },
  { type: 'Gemm', x: [3, 5], more: [{ weight: [5, 4] }, { weight: [4] }] },
  { type: 'Gemm', x: [5, 3], more: [{ weight: [4, 5] }, { weight: [3, 1] }], attributes: { transA: 1, transB: 1 } },
  {
    type: 'Conv',
    x: [1, 3, 6, 5],
    more: [{ weight: [4, 3, 3, 3] }, { weight: [4] }],
    attributes: { pads: [1, 1, 1, 1] },
  },
  {
    type: 'Conv',
    x: [2, 4, 6, 6],
    more: [{ weight: [4, 2, 3, 2] }],
    attributes: { group: 2, strides: [2, 1], dilations: [1, 2], kernel_shape: [3, 2] },
  },
  {
    type: 'Conv',
    x: [1, 2, 5, 5],
    more: [{ weight: [3, 2, 3, 3] }],
    attributes: { auto_pad: 'SAME_UPPER', strides: [2, 2] },
  },
  {
    type: 'ConvInteger',
    dtype: 'uint8',
    x: [1, 2, 5, 5],
    more: [
      { weight: [3, 2, 3, 3], dtype: 'uint8' },
      { weight: [], dtype: 'uint8', values: [4] },
    ],
    attributes: { pads: [1, 0, 1, 0] },
  },
];

function nodeCase(node: NodeCase, next: Next): Case {
  const { type, dtype = 'float32', x, more = [], attributes, opset = 17, range = ANY } = node;
  const b = new OnnxBuilder({ opset, ir: opset > 20 ? 10 : 8 });
  const inputs: Uint8Array[] = [];
  const input = (name: string, of: Small, dims: readonly number[]) => {
    inputs.push(raw(fill(of, dims, next, range)));
    return b.input(name, of, dims, of === 'float32' ? range : undefined);
  };
  const operands = [input('x', dtype, x)];
  for (const [i, operand] of more.entries()) {
    if (operand === null) operands.push('');
    else if ('ints' in operand) operands.push(b.ints([operand.ints.length], operand.ints));
    else if ('input' in operand) operands.push(input(`x${i}`, operand.dtype ?? 'float32', operand.input));
    else {
      const of = operand.dtype ?? 'float32';
      const data = operand.values ? ARRAYS[of].from(operand.values) : fill(of, operand.weight, next);
      operands.push(b.initializer(`w${i}`, of, operand.weight, data));
    }
  }
  b.node(type, operands, { attributes, outputs: ['y'] });
  b.output('y');
  return { name: `${type} ${dtype}[${x}] ${JSON.stringify(attributes ?? {})}`, onnx: b.bytes(), inputs };
}

/** One model for every operator and form that compiles. */
export const nodeCases = (next: Next): Case[] => NODES.map((node) => nodeCase(node, next));

/** A float network whose tensors are wanted in several layouts at once. */
export function mixedLayouts(next: Next): Case {
  const b = new OnnxBuilder();
  const weight = (name: string, dims: readonly number[]) =>
    b.initializer(name, 'float32', dims, fill('float32', dims, next));
  const x = b.input('x', 'float32', [1, 3, 8, 8], ANY);
  const first = b.node('Conv', [x, weight('w1', [4, 3, 3, 3]), weight('b1', [4])], {
    attributes: { pads: [1, 1, 1, 1] },
  });
  const relu = b.node('Relu', [first]);
  const second = b.node('Conv', [relu, weight('w2', [4, 4, 1, 1])]);
  const sum = b.node('Add', [relu, second]);
  const pooled = b.node('MaxPool', [sum], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
  const rows = b.node('Reshape', [pooled, b.ints([2], [4, 16])]);
  const square = b.node('MatMul', [rows, b.node('Transpose', [rows])]);
  const twice = b.node('MatMul', [square, square]);
  const flat = b.node('Flatten', [twice]);
  b.output(
    b.node('Gemm', [flat, weight('w3', [5, 4]), weight('b3', [5])], { attributes: { transB: 1 }, outputs: ['y'] }),
  );
  b.output(b.node('ArgMax', ['y'], { attributes: { axis: 1, keepdims: 0 }, outputs: ['best'] }));
  b.output(relu);
  return { name: 'a network with mixed layouts', onnx: b.bytes(), inputs: [raw(fill('float32', [1, 3, 8, 8], next))] };
}
