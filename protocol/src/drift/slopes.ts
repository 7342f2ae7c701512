import { EssaimError } from '../errors.ts';
import { numberOfBits } from '../judges/float32.ts';
import { natural } from '../judges/refuse.ts';
import type { Operator } from '../program/types.ts';
import { ROW_SLOPES } from './row-slopes.ts';

/**
 * Slopes of an element `y` against the elements `xs` that it was made of, in the order in which its judge asks. `own` is
 * the place among them of operand 0's element at the same coordinates, or -1.
 */
export type Slopes = (xs: readonly number[], y: number, op: Operator, own: number) => readonly number[];

const none: Slopes = (xs) => xs.map(() => 0);
/** All of it comes from one element; the judge asks for it last, after any index. */
const moved: Slopes = (xs) => xs.map((_, i) => (i === xs.length - 1 ? 1 : 0));
/** It equals one of the elements: the first that does. */
const chosen: Slopes = (xs, y) => {
  const place = xs.indexOf(y);
  return xs.map((_, i) => (i === place ? 1 : 0));
};
const of =
  (slope: (x: number, y: number) => number): Slopes =>
  ([x], y) => [slope(x, y)];

const CONTINUOUS: Readonly<Record<string, Slopes>> = {
  ...Object.fromEntries(
    (
      'Identity Relayout Reshape Flatten Squeeze Unsqueeze Expand Transpose Concat Slice Gather Split Pad Tile ' +
      'DepthToSpace SpaceToDepth GatherElements GatherND Resize Dropout'
    )
      .split(' ')
      .map((name) => [name, moved]),
  ),
  Where: ([condition, , ,], _, __) => (condition !== 0 ? [0, 1, 0] : [0, 0, 1]),
  Add: (xs) => xs.map(() => 1),
  Sub: () => [1, -1],
  Mul: ([a, b]) => [b, a],
  Div: ([, b], y) => [1 / b, -y / b],
  Relu: of((x) => (x > 0 ? 1 : 0)),
  LeakyRelu: ([x], _, op) => [x > 0 ? 1 : numberOfBits(natural(op, 0))],
  Neg: of(() => -1),
  Abs: of((x) => Math.sign(x)),
  Sqrt: of((_, y) => 0.5 / y),
  Reciprocal: of((_, y) => -y * y),
  Clip: chosen,
  Min: chosen,
  Max: chosen,
  MaxPool: chosen,
  ReduceMax: chosen,
  ReduceMin: chosen,
  ReduceSum: (xs) => xs.map(() => 1),
  ReduceMean: (xs) => xs.map(() => 1 / xs.length),
  AveragePool: (xs) => xs.map(() => 1 / xs.length),
  GlobalAveragePool: (xs) => xs.map(() => 1 / xs.length),
  Sum: (xs) => xs.map(() => 1),
  Mean: (xs) => xs.map(() => 1 / xs.length),
  CumSum: (xs) => xs.map(() => 1),
  Exp: of((_, y) => y),
  Log: of((x) => 1 / x),
  Tanh: of((_, y) => 1 - y * y),
  Sigmoid: of((_, y) => y * (1 - y)),
  Softplus: of((x) => 1 / (1 + Math.exp(-x))),
  Erf: of((x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)),
  Gelu: of((x) => {
    const normal = 0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
    return normal + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
  }),
  HardSwish: of((x) => (x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6)),
  HardSigmoid: ([_], y, op) => [y > 0 && y < 1 ? numberOfBits(natural(op, 0)) : 0],
  Elu: ([x], y, op) => [x > 0 ? 1 : y + numberOfBits(natural(op, 0))],
  Pow: ([x, p], y) => [p * x ** (p - 1), x > 0 ? y * Math.log(x) : 0],
  Sin: of((x) => Math.cos(x)),
  Cos: of((x) => -Math.sin(x)),
  ...ROW_SLOPES,
};

/** Results that jump: their slope is zero wherever they have one. */
const JUMPING = new Set(
  'Floor Ceil Round Sign Cast ArgMax ArgMin TopK Greater GreaterOrEqual Less LessOrEqual Equal QuantizeLinear'.split(
    ' ',
  ),
);

export const jumps = (op: Operator): boolean => JUMPING.has(op.name);

/** The slopes of an operator. Throws `DRIFT_UNKNOWN` where none are known. */
export function slopesOf(op: Operator): Slopes {
  if (jumps(op) || op.outputTypes[0].dtype !== 'float32') return none;
  const slopes = Object.hasOwn(CONTINUOUS, op.name) ? CONTINUOUS[op.name] : undefined;
  if (slopes) return slopes;
  throw new EssaimError('DRIFT_UNKNOWN', `node ${op.node}: the slope of ${op.name} is not known`, {
    help: 'Drift cannot be estimated for this program; treat its decisions as undecided within the contract.',
    details: { node: op.node, operator: op.name },
  });
}
