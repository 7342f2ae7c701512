import {
  type AttributeInput,
  compile,
  type DType,
  EssaimError,
  judgeOf,
  OnnxBuilder,
  type OnnxModel,
  type Operator,
  proofSize,
  rewriteModel,
} from '@essaim/protocol';

/** Lengths of rows and sums in a 7B transformer: its width, two of its inner widths, and three vocabularies. */
export const LENGTHS = [4096, 11_008, 14_336, 32_000, 50_257, 151_936] as const;

/** What the node of an operator reads: element types with dimensions, then constants. */
interface Sized {
  readonly inputs: readonly (readonly [DType, readonly number[]])[];
  readonly ints?: readonly (readonly number[])[];
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  readonly outputs?: number;
  readonly opset?: number;
}

const floats = (...shapes: readonly (readonly number[])[]): Sized['inputs'] =>
  shapes.map((dims) => ['float32', dims] as const);
const bytes = (...shapes: readonly (readonly number[])[]): Sized['inputs'] =>
  shapes.map((dims) => ['uint8', dims] as const);
const row = (n: number): Sized => ({ inputs: floats([128, n]) });
const over = (n: number): Sized => ({ inputs: floats([128, n]), ints: [[1]] });
const by = (n: number): Sized => ({ inputs: floats([128, n]), attributes: { axes: [1] } });

/** Operators whose worst proof grows with a row or a sum, by its length. */
export const SIZED: Readonly<Record<string, (n: number) => Sized>> = {
  MatMul: (n) => ({ inputs: floats([128, n], [n, 4096]) }),
  Gemm: (n) => ({ inputs: floats([128, n], [4096, n], [4096]), attributes: { transB: 1 } }),
  Einsum: (n) => ({ inputs: floats([128, n], [n, 64]), attributes: { equation: 'ij,jk->ik' } }),
  Conv: (n) => ({ inputs: floats([1, n, 8, 8], [64, n, 1, 1], [64]) }),
  ConvTranspose: (n) => ({ inputs: floats([1, n, 8, 8], [n, 64, 1, 1], [64]) }),
  MatMulInteger: (n) => ({ inputs: bytes([128, n], [n, 4096]) }),
  ConvInteger: (n) => ({ inputs: bytes([1, n, 8, 8], [64, n, 1, 1]) }),
  QLinearMatMul: (n) => ({
    inputs: [
      ['uint8', [128, n]],
      ['float32', []],
      ['uint8', []],
      ['uint8', [n, 4096]],
      ['float32', []],
      ['uint8', []],
      ['float32', []],
      ['uint8', []],
    ],
  }),
  QLinearConv: (n) => ({
    inputs: [
      ['uint8', [1, n, 8, 8]],
      ['float32', []],
      ['uint8', []],
      ['uint8', [64, n, 1, 1]],
      ['float32', []],
      ['uint8', []],
      ['float32', []],
      ['uint8', []],
    ],
  }),
  Softmax: row,
  LogSoftmax: row,
  LayerNormalization: (n) => ({ inputs: floats([128, n], [n], [n]) }),
  RMSNormalization: (n) => ({ inputs: floats([128, n], [n]), opset: 23 }),
  InstanceNormalization: (n) => ({ inputs: floats([1, 2, n], [2], [2]) }),
  GroupNormalization: (n) => ({ inputs: floats([1, 2, n], [2], [2]), attributes: { num_groups: 2 }, opset: 21 }),
  ReduceSum: over,
  ReduceMean: by,
  ReduceMax: by,
  ReduceMin: by,
  CumSum: over,
  TopK: (n) => ({ inputs: floats([128, n]), ints: [[50]], outputs: 2 }),
  ArgMax: (n) => ({ inputs: floats([128, n]), attributes: { axis: 1 } }),
  ArgMin: (n) => ({ inputs: floats([128, n]), attributes: { axis: 1 } }),
  DynamicQuantizeLinear: (n) => ({ inputs: floats([1, n]), outputs: 3 }),
};

const WIDE = [128, 14_336] as const;
const IMAGE = [1, 64, 56, 56] as const;
const wide = floats(WIDE);
const window = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };
const table: readonly [DType, readonly number[]] = ['float32', [32_000, 4096]];

/** Operators whose proofs do not grow with the tensor, where one, two or three wide tensors are not what they read. */
const FIXED: Readonly<Record<string, Sized>> = {
  AveragePool: { inputs: floats(IMAGE), attributes: window },
  MaxPool: { inputs: floats(IMAGE), attributes: window },
  GlobalAveragePool: { inputs: floats(IMAGE) },
  GlobalMaxPool: { inputs: floats(IMAGE) },
  BatchNormalization: { inputs: floats(IMAGE, [64], [64], [64], [64]) },
  BitShift: { inputs: [['uint32', WIDE]], ints: [], attributes: { direction: 'LEFT' } },
  Cast: { inputs: wide, attributes: { to: 9 } },
  Clip: { inputs: floats(WIDE, [], []) },
  Concat: { inputs: floats(WIDE, WIDE), attributes: { axis: 1 } },
  DepthToSpace: { inputs: floats(IMAGE), attributes: { blocksize: 2 } },
  SpaceToDepth: { inputs: floats(IMAGE), attributes: { blocksize: 2 } },
  DequantizeLinear: {
    inputs: [
      ['uint8', WIDE],
      ['float32', []],
      ['uint8', []],
    ],
  },
  QuantizeLinear: {
    inputs: [
      ['float32', WIDE],
      ['float32', []],
      ['uint8', []],
    ],
  },
  Expand: { inputs: floats([1, 14_336]), ints: [WIDE] },
  Gather: { inputs: [table, ['int64', [1, 2048]]] },
  GatherElements: { inputs: [table, ['int64', [128, 4096]]] },
  GatherND: { inputs: [table, ['int64', [2048, 1]]] },
  Gelu: { inputs: wide, opset: 20 },
  Mod: { inputs: [['int64', WIDE]], ints: [[7]] },
  OneHot: { inputs: [['int64', [2048]]], ints: [[32_000]] },
  PRelu: { inputs: floats(WIDE, [14_336]) },
  Pad: { inputs: wide, ints: [[1, 1, 1, 1]] },
  Reshape: { inputs: wide, ints: [[14_336, 128]] },
  Resize: { inputs: floats(IMAGE), attributes: {} },
  Slice: {
    inputs: wide,
    ints: [
      [1, 1],
      [100, 100],
    ],
  },
  Split: { inputs: wide, attributes: { axis: 1 }, outputs: 2 },
  Squeeze: { inputs: floats([1, ...WIDE]), ints: [[0]] },
  Unsqueeze: { inputs: wide, ints: [[0]] },
  Sum: { inputs: floats(WIDE, WIDE, WIDE) },
  Tile: { inputs: wide, ints: [[2, 2]] },
  Where: { inputs: [['bool', WIDE], ...floats(WIDE, WIDE)] },
};

/** What an operator may read, tried in turn where nothing is said of it. */
const GUESSES: readonly Sized[] = (['float32', 'bool', 'int64'] as const).flatMap((dtype) =>
  [1, 2, 3].map((count): Sized => ({ inputs: Array.from({ length: count }, () => [dtype, WIDE] as const) })),
);

function modelOf(type: string, { inputs, ints = [], attributes, outputs = 1, opset = 17 }: Sized): OnnxModel {
  const builder = new OnnxBuilder({ opset });
  const operands = inputs.map(([dtype, dims], i) => builder.input(`x${i}`, dtype, dims));
  const constants = ints.map((values) => builder.ints(type === 'CumSum' ? [] : [values.length], values));
  const names = Array.from({ length: outputs }, (_, i) => `y${i}`);
  builder.node(type, [...operands, ...constants], { attributes, outputs: names });
  for (const name of names) builder.output(name);
  return builder.model();
}

/** The largest proof of a program's operators, in bytes, and the most gas that a judge of them takes. */
function worstOf(operators: readonly Operator[]): { bytes: number; gas: number } {
  const all = operators.map((op) => {
    const judge = judgeOf(op.name, op.since, op.inputTypes, op.outputTypes);
    return { bytes: proofSize(judge, op), gas: judge.worst(op).gas };
  });
  return { bytes: Math.max(...all.map(({ bytes }) => bytes)), gas: Math.max(...all.map(({ gas }) => gas)) };
}

const shown = ({ bytes, gas }: { bytes: number; gas: number }): string =>
  `${(bytes / 1024).toFixed(0)} KiB, ${(gas / 1e6).toFixed(gas < 1e5 ? 2 : 1)}M`;

/** What a length takes: as it is, in parts, or refused. */
function cell(type: string, length: number): string {
  const model = modelOf(type, SIZED[type](length));
  try {
    return shown(worstOf(compile(model).operators));
  } catch (refusal) {
    if (!(refusal instanceof EssaimError)) throw refusal;
  }
  const { model: rewritten, rewrites } = rewriteModel(model);
  if (rewrites.length === 0) return 'refused';
  const { operators } = compile(rewritten);
  return `*${operators.filter(({ name }) => name !== 'Relayout').length} operators: ${shown(worstOf(operators))}*`;
}

/** The operators that become constants have no proof; the models of these two need constants of other types. */
const SPECIAL: Readonly<Record<string, (builder: OnnxBuilder) => readonly string[]>> = {
  BitShift: (builder) => [builder.initializer('by', 'uint32', [], Uint32Array.of(3))],
  OneHot: (builder) => [builder.input('values', 'float32', [2])],
  Resize: (builder) => ['', builder.floats([4], [1, 1, 2, 2])],
};

function fixedModel(type: string, { inputs, ints = [], attributes, outputs = 1, opset = 17 }: Sized): OnnxModel {
  const builder = new OnnxBuilder({ opset });
  const operands = inputs.map(([dtype, dims], i) => builder.input(`x${i}`, dtype, dims));
  const constants = ints.map((values) =>
    builder.ints(values.length === 1 && type === 'Mod' ? [] : [values.length], values),
  );
  const names = Array.from({ length: outputs }, (_, i) => `y${i}`);
  const more = SPECIAL[type]?.(builder) ?? [];
  builder.node(type, [...operands, ...constants, ...more], { attributes, outputs: names });
  for (const name of names) builder.output(name);
  return builder.model();
}

/** A model of one node that compiles, for each operator that is judged. Throws if none is known. */
export function exampleOf(type: string): OnnxModel {
  if (SIZED[type]) return modelOf(type, SIZED[type](LENGTHS[0]));
  const candidates = (FIXED[type] ? [FIXED[type]] : GUESSES).map((sized) => fixedModel(type, sized));
  const fitting = candidates.find((model) => {
    try {
      return compile(model).operators.length > 0;
    } catch (error) {
      if (error instanceof EssaimError) return false;
      throw error;
    }
  });
  if (fitting) return fitting;
  throw new Error(`scripts/operators/sizes.ts has no tensors that ${type} takes`);
}

/** The worst proof of an operator that does not grow with the tensors it reads. Throws if none of them fits it. */
export const fixedProof = (type: string): string => shown(worstOf(compile(exampleOf(type)).operators));

/** The table of lengths that fit one transaction, and what the compiler makes of those that do not. */
export function sizeTable(): string {
  const head = ['operator', ...LENGTHS.map((n) => n.toLocaleString('en-US'))];
  const rows = Object.keys(SIZED).map((type) => [type, ...LENGTHS.map((n) => cell(type, n))]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
