import { OnnxBuilder, OPERATOR_NAMES } from '@essaim/protocol';
import { inDomain, type Pattern } from '@essaim/runtime';
import type { Numbers } from '../lib/engines.ts';
import { ROW_BUILDS } from './rows.ts';

type Next = () => number;

/** One operator on one kind of data: a model of a single node, and what to feed it. */
export interface Case {
  readonly operator: string;
  /** Shape of the product and where its second operand comes from. */
  readonly shape: string;
  readonly terms: number;
  readonly pattern: Pattern;
  readonly onnx: Uint8Array;
  readonly inputs: Record<string, Numbers>;
}
export type Build = (terms: number, pattern: Pattern, next: Next) => Case;

const stack = (count: number, make: () => Float32Array): Float32Array[] => Array.from({ length: count }, make);
const flat = (rows: readonly Float32Array[]): Float32Array => {
  const all = new Float32Array(rows.reduce((n, row) => n + row.length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
};
const transposed = (rows: readonly Float32Array[]): Float32Array =>
  Float32Array.from(
    { length: rows.length * rows[0].length },
    (_, i) => rows[i % rows.length][Math.floor(i / rows.length)],
  );

/** A one-node model whose first operand is an input, and the others inputs or weights. */
function single(
  operator: string,
  operands: readonly Numbers[],
  weights: boolean,
  attributes: Parameters<OnnxBuilder['node']>[2] = {},
): Pick<Case, 'onnx' | 'inputs'> {
  const model = new OnnxBuilder({ opset: 20, ir: 9 });
  const inputs: Record<string, Numbers> = {};
  const names = operands.map((operand, slot) => {
    const name = `operand${slot}`;
    if (slot > 0 && weights) return model.initializer(name, 'float32', operand.dims, operand.data);
    inputs[name] = operand;
    return model.input(name, 'float32', operand.dims);
  });
  model.output(model.node(operator, names, { ...attributes, outputs: ['y'] }), 'float32');
  return { onnx: model.bytes(), inputs };
}

interface ProductForm {
  readonly rows: number;
  readonly columns: number;
  readonly weights: boolean;
  readonly transA?: 1;
  readonly transB?: 1;
}

/** MatMul, or Gemm with a bias. */
function product(operator: 'MatMul' | 'Gemm', form: ProductForm): Build {
  const { rows, columns, weights, transA, transB } = form;
  const turned = [transA ? 'Aᵀ' : '', transB ? 'Bᵀ' : ''].filter(Boolean).join(' ');
  return (terms, pattern, next) => {
    const a = stack(rows, () => pattern.row(terms, next));
    const b = stack(columns, () => pattern.column(terms, next));
    const operands: Numbers[] = [
      transA ? { dims: [terms, rows], data: transposed(a) } : { dims: [rows, terms], data: flat(a) },
      transB ? { dims: [columns, terms], data: flat(b) } : { dims: [terms, columns], data: transposed(b) },
    ];
    if (operator === 'Gemm') operands.push({ dims: [columns], data: pattern.column(columns, next) });
    const attributes = { ...(transA && { transA }), ...(transB && { transB }) };
    return {
      operator,
      shape: `${rows}×${columns} ${turned}${turned && ' '}${weights ? 'weight' : 'dynamic'}`,
      terms,
      pattern,
      ...single(operator, operands, weights, { attributes }),
    };
  };
}

interface ConvForm {
  readonly pixels: number;
  readonly filters: number;
  /** Height and width of a filter; windows do not overlap. */
  readonly kernel: number;
  readonly weights: boolean;
}

/** A convolution each of whose windows is one row of the pattern, in the order of a filter. */
function convolution({ pixels, filters, kernel, weights }: ConvForm): Build {
  return (terms, pattern, next) => {
    const channels = terms / kernel ** 2;
    const windows = stack(pixels, () => pattern.row(terms, next));
    const width = pixels * kernel;
    const image = Float32Array.from({ length: terms * pixels }, (_, i) => {
      const x = i % width;
      const [y, channel] = [Math.floor(i / width) % kernel, Math.floor(i / width / kernel)];
      return windows[Math.floor(x / kernel)][(channel * kernel + y) * kernel + (x % kernel)];
    });
    const operands = [
      { dims: [1, channels, kernel, width], data: image },
      { dims: [filters, channels, kernel, kernel], data: flat(stack(filters, () => pattern.column(terms, next))) },
    ];
    return {
      operator: 'Conv',
      shape: `${pixels} pixels, ${filters} filters ${kernel}×${kernel} ${weights ? 'weight' : 'dynamic'}`,
      terms,
      pattern,
      ...single('Conv', operands, weights, { attributes: { strides: [kernel, kernel] } }),
    };
  };
}

/** One element of each operand at a time. */
function elementwise(operator: string, arity: number): Build {
  return (terms, pattern, next) => {
    const operands = Array.from({ length: arity }, (_, slot) => ({
      dims: [terms],
      data: inDomain(operator, slot, pattern, slot === 0 ? pattern.row(terms, next) : pattern.column(terms, next)),
    }));
    return { operator, shape: `${terms} elements`, terms, pattern, ...single(operator, operands, false) };
  };
}

const either = [true, false];
const products = (operator: 'MatMul' | 'Gemm', form: Pick<ProductForm, 'transA' | 'transB'> = {}): Build[] =>
  either.flatMap((weights) =>
    [
      [1, 17],
      [4, 17],
      [4, 4],
      [4, 1],
      [1, 1],
      [24, 40],
    ].map(([rows, columns]) => product(operator, { rows, columns, weights, ...form })),
  );

type Builds = Readonly<Record<string, { readonly terms: readonly number[]; readonly builds: readonly Build[] }>>;

const ALL: Builds = {
  MatMul: { terms: [64, 256, 1024, 2048, 4096], builds: products('MatMul') },
  Gemm: {
    terms: [64, 256, 1024, 2048, 4096],
    builds: [...products('Gemm'), ...products('Gemm', { transB: 1 }), ...products('Gemm', { transA: 1 })],
  },
  Conv: {
    terms: [64, 256, 1024, 2048, 4096],
    builds: either.flatMap((weights) =>
      [1, 2].flatMap((kernel) =>
        [
          [1, 8],
          [4, 8],
          [4, 1],
          [40, 24],
        ].map(([pixels, filters]) => convolution({ pixels, filters, kernel, weights })),
      ),
    ),
  },
  ...Object.fromEntries(
    ['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max', 'Pow'].map((name) => [
      name,
      { terms: [256], builds: [elementwise(name, 2)] },
    ]),
  ),
  ...Object.fromEntries(
    [
      'Exp',
      'Log',
      'Erf',
      'Tanh',
      'Sigmoid',
      'Softplus',
      'Gelu',
      'HardSwish',
      'HardSigmoid',
      'Elu',
      'Sin',
      'Cos',
      'Reciprocal',
      'Relu',
      'LeakyRelu',
      'Neg',
      'Abs',
      'Sqrt',
      'Floor',
      'Ceil',
      'Round',
    ].map((name) => [name, { terms: [256], builds: [elementwise(name, 1)] }]),
  ),
  ...ROW_BUILDS,
};

/** What is tried of each operator that this version compiles. */
export const BUILDS: Builds = Object.fromEntries(Object.entries(ALL).filter(([name]) => OPERATOR_NAMES.includes(name)));
