import type { Pieces } from './pieces.ts';
import type { Rewriting } from './rewrite.ts';
import { finishReduction, normalised, reducedAxes, reduceInSteps } from './rows.ts';

const WHY = 'it is made of other functions';

/** A function of operand 0 alone, by what makes its last step: its operator and operands. */
const of =
  (
    last: (x: string, pieces: Pieces, float: (name: string, fallback: number) => number) => [string, string[]],
  ): Rewriting =>
  (node, pieces) => {
    const [type, operands] = last(pieces.input(0), pieces, (name, fallback) => node.float(name, fallback));
    pieces.make(type, operands, { as: pieces.output() });
    return WHY;
  };

const one = (type: string) => (pieces: Pieces, x: string) => pieces.make(type, [x]);
const exp = one('Exp');
const abs = one('Abs');
const neg = one('Neg');

/** e^x and e^-x, added or taken away, halved. */
const hyperbolic = (type: 'Add' | 'Sub') =>
  of((x, p) => ['Mul', [p.make(type, [exp(p, x), exp(p, neg(p, x))]), p.scalar(0.5)]]);

const selu = of((x, p, float) => {
  const alpha = float('alpha', 1.6732632423543772);
  return [
    'Mul',
    [p.make('Elu', [x], { attributes: { alpha: { float: alpha } } }), p.scalar(float('gamma', 1.0507009873554805))],
  ];
});

const celu = of((x, p, float) => {
  const alpha = p.scalar(float('alpha', 1));
  return ['Mul', [p.make('Elu', [p.make('Div', [x, alpha])]), alpha]];
});

/** Reductions of a function of each element, and a function of the sum. */
const reduced =
  (before: (p: Pieces, x: string) => string, after?: string): Rewriting =>
  (node, pieces) => {
    const axes = reducedAxes(node);
    if (axes.length === 0) return undefined;
    const sum = reduceInSteps(pieces, 'ReduceSum', before(pieces, pieces.input(0)), axes);
    finishReduction(node, pieces, after ? pieces.make(after, [sum]) : sum, axes);
    return WHY;
  };

const square = (p: Pieces, x: string): string => p.make('Mul', [x, x]);

const logSumExp: Rewriting = (node, pieces) => {
  const axes = reducedAxes(node);
  if (axes.length === 0) return undefined;
  const most = reduceInSteps(pieces, 'ReduceMax', pieces.input(0), axes);
  const sum = reduceInSteps(pieces, 'ReduceSum', exp(pieces, pieces.make('Sub', [pieces.input(0), most])), axes);
  finishReduction(node, pieces, pieces.make('Add', [pieces.make('Log', [sum]), most]), axes);
  return WHY;
};

const lpNormalization: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const axis = node.axis(node.int('axis', -1), dims.length);
  const p = node.int('p', 2);
  if (p !== 1 && p !== 2) return undefined;
  const x = pieces.input(0);
  const sum = reduceInSteps(pieces, 'ReduceSum', p === 1 ? abs(pieces, x) : square(pieces, x), [axis]);
  const norm = p === 1 ? sum : pieces.make('Sqrt', [sum]);
  // a row of zeros stays one
  const zero = pieces.make('Equal', [norm, pieces.scalar(0)]);
  pieces.make('Div', [x, pieces.make('Where', [zero, pieces.scalar(1), norm])], { as: pieces.output() });
  return WHY;
};

const meanVariance: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const axes = (node.ints('axes') ?? [0, 2, 3]).map((axis) => node.axis(axis, dims.length)).sort((a, b) => a - b);
  const y = normalised(pieces, pieces.input(0), axes, 1e-9);
  pieces.make('Identity', [y], { as: pieces.output() });
  return WHY;
};

/** Channels near each other, seen as rows of an image. */
const localResponse: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  if (dims.length < 3) return undefined;
  const size = node.int('size', 1);
  const [n, c, ...space] = dims;
  const area = space.reduce((a, b) => a * b, 1);
  const columns = pieces.reshape(square(pieces, pieces.input(0)), [n, 1, c, area]);
  const attributes = {
    kernel_shape: [size, 1],
    pads: [Math.floor((size - 1) / 2), 0, Math.ceil((size - 1) / 2), 0],
    count_include_pad: 1,
  };
  const mean = pieces.make('AveragePool', [columns], { attributes });
  const scaled = pieces.make('Mul', [mean, pieces.scalar(node.float('alpha', 1e-4))]);
  const base = pieces.make('Add', [scaled, pieces.scalar(node.float('bias', 1))]);
  const power = pieces.make('Pow', [base, pieces.scalar(node.float('beta', 0.75))]);
  pieces.make('Div', [pieces.input(0), pieces.reshape(power, dims)], { as: pieces.output() });
  return WHY;
};

const lpPool: Rewriting = (node, pieces) => {
  const p = node.int('p', 2);
  const kernel = node.ints('kernel_shape');
  if ((p !== 1 && p !== 2) || !kernel || node.int('ceil_mode', 0) !== 0) return undefined;
  if (node.since < 19 && node.ints('dilations')?.some((n) => n > 1)) return undefined;
  const x = p === 1 ? abs(pieces, pieces.input(0)) : square(pieces, pieces.input(0));
  const attributes = new Map(pieces.attributes).set('count_include_pad', { kind: 'int', value: 1n });
  attributes.delete('p');
  const mean = `${pieces.output()}~mean`;
  pieces.again({ type: 'AveragePool', inputs: [x], outputs: [mean], attributes });
  const sum = pieces.make('Mul', [mean, pieces.scalar(kernel.reduce((a, b) => a * b, 1))]);
  pieces.make(p === 1 ? 'Identity' : 'Sqrt', [sum], { as: pieces.output() });
  return WHY;
};

const globalLpPool: Rewriting = (node, pieces) => {
  const p = node.int('p', 2);
  if (p !== 1 && p !== 2) return undefined;
  const axes = [...node.shape(0).dims.keys()].slice(2);
  const x = p === 1 ? abs(pieces, pieces.input(0)) : square(pieces, pieces.input(0));
  const sum = reduceInSteps(pieces, 'ReduceSum', x, axes);
  pieces.make(p === 1 ? 'Identity' : 'Sqrt', [sum], { as: pieces.output() });
  return WHY;
};

const hardmax: Rewriting = (node, pieces) => {
  const { dims } = node.shape(0);
  const axis = node.axis(node.int('axis', -1), dims.length);
  const greatest = pieces.make('ArgMax', [pieces.input(0)], { attributes: { axis, keepdims: 0 } });
  const pair = pieces.floats([0, 1]);
  pieces.make('OneHot', [greatest, pieces.ints([dims[axis]], []), pair], { attributes: { axis }, as: pieces.output() });
  return WHY;
};

const castLike: Rewriting = (node, pieces) => {
  const codes: Readonly<Record<string, number>> = {
    float32: 1,
    uint8: 2,
    int8: 3,
    uint16: 4,
    int16: 5,
    int32: 6,
    int64: 7,
    bool: 9,
    uint32: 12,
    uint64: 13,
  };
  pieces.make('Cast', [pieces.input(0)], { attributes: { to: codes[node.shape(1).dtype] }, as: pieces.output() });
  return WHY;
};

const isInfinite: Rewriting = (node, pieces) => {
  const [above, below] = [node.int('detect_positive', 1) !== 0, node.int('detect_negative', 1) !== 0];
  if (!above && !below) return undefined;
  const x = above && below ? abs(pieces, pieces.input(0)) : pieces.input(0);
  const infinity = pieces.scalar(above ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
  pieces.make('Equal', [x, infinity], { as: pieces.output() });
  return WHY;
};

/** Integer exponents as floats. */
const power: Rewriting = (node, pieces) => {
  const [base, exponent] = [node.shape(0).dtype, node.shape(1).dtype];
  if (base !== 'float32' || exponent === 'float32' || node.constant(1) === undefined) return undefined;
  const cast = pieces.make('Cast', [pieces.input(1)], { attributes: { to: 1 } });
  pieces.make('Pow', [pieces.input(0), cast], { as: pieces.output() });
  return 'its exponent is an integer';
};

/** Functions that are made of others. */
export const COMPOSED: Readonly<Record<string, Rewriting>> = {
  Swish: of((x, p, float) => ['Mul', [x, p.make('Sigmoid', [p.make('Mul', [x, p.scalar(float('alpha', 1))])])]]),
  Mish: of((x, p) => ['Mul', [x, p.make('Tanh', [p.make('Softplus', [x])])]]),
  Softsign: of((x, p) => ['Div', [x, p.make('Add', [abs(p, x), p.scalar(1)])]]),
  Tan: of((x, p) => ['Div', [p.make('Sin', [x]), p.make('Cos', [x])]]),
  Sinh: hyperbolic('Sub'),
  Cosh: hyperbolic('Add'),
  Selu: selu,
  Celu: celu,
  IsInf: isInfinite,
  Pow: power,
  IsNaN: of((x, p) => ['Not', [p.make('Equal', [x, x])]]),
  ReduceL1: reduced(abs),
  ReduceL2: reduced(square, 'Sqrt'),
  ReduceSumSquare: reduced(square),
  ReduceLogSum: reduced((_p, x) => x, 'Log'),
  ReduceLogSumExp: logSumExp,
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: meanVariance,
  LRN: localResponse,
  LpPool: lpPool,
  GlobalLpPool: globalLpPool,
  Hardmax: hardmax,
  CastLike: castLike,
};
