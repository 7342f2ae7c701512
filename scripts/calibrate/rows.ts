import { OnnxBuilder } from '@essaim/protocol';
import type { Numbers } from '../lib/engines.ts';
import type { Build } from './cases.ts';

type Make = (terms: number) => {
  readonly dims: readonly number[];
  /** Weights beside the operand: their dimensions, and what is made of the pattern's numbers. */
  readonly weights?: readonly { readonly dims: readonly number[]; readonly of?: (x: number) => number }[];
  /** Integers that shape the node. */
  readonly ints?: readonly number[];
  readonly attributes?: NonNullable<Parameters<OnnxBuilder['node']>[2]>['attributes'];
  readonly opset?: number;
};

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** One operand whose rows of `terms` elements follow the pattern, and weights beside it. */
function onRows(operator: string, shape: string, make: Make): Build {
  return (terms, pattern, next) => {
    const { dims, weights = [], ints, attributes, opset = 17 } = make(terms);
    const model = new OnnxBuilder({ opset });
    const rows = Array.from({ length: count(dims) / terms }, () => pattern.row(terms, next));
    const x: Numbers = { dims, data: Float32Array.from(rows.flatMap((row) => [...row])) };
    const names = weights.map(({ dims: own, of = (w) => w }, i) => {
      const data = Float32Array.from(pattern.column(count(own), next), of);
      return model.initializer(`weight${i}`, 'float32', own, data);
    });
    if (ints) names.push(model.ints([ints.length], ints));
    const operands = [model.input('x', 'float32', dims), ...names];
    model.output(model.node(operator, operands, { ...(attributes && { attributes }), outputs: ['y'] }), 'float32');
    return { operator, shape, terms, pattern, onnx: model.bytes(), inputs: { x } };
  };
}

const positive = (w: number): number => Math.abs(w) + 0.1;
const LENGTHS = [64, 256, 1024, 2048];
const SQUARES = [64, 256, 1024];
const side = (terms: number): number => Math.sqrt(terms);

/** Softmax, normalisations, sums and pools: operators of which an element looks at a row. */
export const ROW_BUILDS: Readonly<
  Record<string, { readonly terms: readonly number[]; readonly builds: readonly Build[] }>
> = {
  ...Object.fromEntries(
    ['Softmax', 'LogSoftmax'].map((name) => [
      name,
      { terms: LENGTHS, builds: [onRows(name, '4 rows', (n) => ({ dims: [4, n], attributes: { axis: 1 } }))] },
    ]),
  ),
  LayerNormalization: {
    terms: LENGTHS,
    builds: [
      onRows('LayerNormalization', '4 rows', (n) => ({
        dims: [4, n],
        weights: [{ dims: [n] }, { dims: [n] }],
        attributes: { axis: 1 },
      })),
    ],
  },
  InstanceNormalization: {
    terms: SQUARES,
    builds: [
      onRows('InstanceNormalization', '4 channels', (n) => ({
        dims: [1, 4, side(n), side(n)],
        weights: [{ dims: [4] }, { dims: [4] }],
      })),
    ],
  },
  GroupNormalization: {
    terms: SQUARES,
    builds: [
      onRows('GroupNormalization', '2 groups', (n) => ({
        dims: [1, 4, n / 16, 8],
        weights: [{ dims: [4] }, { dims: [4] }],
        attributes: { num_groups: 2 },
        opset: 21,
      })),
    ],
  },
  BatchNormalization: {
    terms: [64],
    builds: [
      onRows('BatchNormalization', '16 channels', (n) => ({
        dims: [1, 16, 4, n / 16],
        weights: [{ dims: [16] }, { dims: [16] }, { dims: [16] }, { dims: [16], of: positive }],
      })),
    ],
  },
  ReduceSum: {
    terms: LENGTHS,
    builds: [
      onRows('ReduceSum', '4 rows', (n) => ({ dims: [4, n], ints: [1] })),
      onRows('ReduceSum', 'all', (n) => ({ dims: [1, n], ints: [0, 1] })),
      onRows('ReduceSum', '4 columns', (n) => ({ dims: [n, 4], ints: [0] })),
    ],
  },
  ReduceMean: {
    terms: LENGTHS,
    builds: [
      onRows('ReduceMean', '4 rows', (n) => ({ dims: [4, n], attributes: { axes: [1] } })),
      onRows('ReduceMean', '4 columns', (n) => ({ dims: [n, 4], attributes: { axes: [0] } })),
    ],
  },
  CumSum: { terms: [64, 256], builds: [onRows('CumSum', '4 rows', (n) => ({ dims: [4, n], ints: [1] }))] },
  AveragePool: {
    terms: SQUARES,
    builds: [
      onRows('AveragePool', '4 channels', (n) => ({
        dims: [1, 4, side(n), side(n)],
        attributes: { kernel_shape: [side(n), side(n)] },
      })),
    ],
  },
  GlobalAveragePool: {
    terms: SQUARES,
    builds: [onRows('GlobalAveragePool', '4 channels', (n) => ({ dims: [1, 4, side(n), side(n)] }))],
  },
};
