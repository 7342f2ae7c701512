import { add, div, keep, mul, scale, sub } from '../arithmetic.ts';
import { unstretched } from '../sums.ts';
import type { Backward, Rule, Rules } from './rule.ts';
import { refuse, wanted } from './rule.ts';

const to = ({ t, inputs }: Backward, slot: number, gradient: string): string =>
  unstretched(t, gradient, t.dims(inputs[slot]));

/** A binary operator from the gradients of both its operands before they are shrunk to their shapes. */
const binary =
  (first: (node: Backward) => string, second: (node: Backward) => string): Rule =>
  (node) => [wanted(node, 0, () => to(node, 0, first(node))), wanted(node, 1, () => to(node, 1, second(node)))];

/** A function of one element whose slope is made from its operand and result. */
const unary =
  (gradient: (node: Backward, x: string, y: string) => string): Rule =>
  (node) => [gradient(node, node.inputs[0], node.outputs[0])];

/** Passes the gradient where a comparison of the operand holds. */
const passing = (comparison: string): Rule => unary(({ t, dy }, x) => keep(t, t.op(comparison, [x, t.scalar(0)]), dy));

const clip: Rule = (node) => {
  const { t, inputs, dy } = node;
  if (node.needs(1) || node.needs(2)) throw refuse(node, 'its bounds would be trained', 'Give constant bounds.');
  const bound = (slot: number, comparison: string) =>
    (inputs[slot] ?? '') === '' ? [] : [t.op(comparison, [inputs[0], inputs[slot]])];
  const inside = [...bound(1, 'GreaterOrEqual'), ...bound(2, 'LessOrEqual')];
  return [inside.reduce((gradient, condition) => keep(t, condition, gradient), dy)];
};

/** Of a power with a constant exponent; small whole exponents become products. */
const pow: Rule = (node) => {
  const { t, inputs, dy } = node;
  const [x, exponent] = inputs;
  const tensor = t.constant(exponent);
  if (node.needs(1) || tensor?.bytes.length !== 4) {
    throw refuse(node, 'its exponent is not one constant', 'Raise to a constant power, or use Exp and Log.');
  }
  const [e] = new Float32Array(tensor.bytes.slice().buffer);
  if (e === 0) return [];
  const power = e === 2 ? x : e === 3 ? mul(t, x, x) : t.op('Pow', [x, t.scalar(e - 1)]);
  return [to(node, 0, mul(t, dy, scale(t, power, e)))];
};

const where: Rule = (node) => {
  const { t, inputs, dy } = node;
  return [
    undefined,
    wanted(node, 1, () => to(node, 1, keep(t, inputs[0], dy))),
    wanted(node, 2, () => to(node, 2, t.op('Where', [inputs[0], t.scalar(0), dy]))),
  ];
};

/** Every operand of a sum, scaled. */
const spread =
  (factor: (count: number) => number): Rule =>
  (node) =>
    node.inputs.map((_, slot) =>
      wanted(node, slot, () => to(node, slot, scale(node.t, node.dy, factor(node.inputs.length)))),
    );

const identity: Rule = ({ dy }) => [dy];

/** A cast from float32 to float32; others stop gradients before they get here. */
const cast: Rule = identity;

export const ELEMENTWISE_RULES: Rules = {
  Add: binary(
    ({ dy }) => dy,
    ({ dy }) => dy,
  ),
  Sub: binary(
    ({ dy }) => dy,
    ({ t, dy }) => t.op('Neg', [dy]),
  ),
  Mul: binary(
    ({ t, dy, inputs }) => mul(t, dy, inputs[1]),
    ({ t, dy, inputs }) => mul(t, dy, inputs[0]),
  ),
  Div: binary(
    ({ t, dy, inputs }) => div(t, dy, inputs[1]),
    ({ t, dy, inputs, outputs }) => t.op('Neg', [div(t, mul(t, dy, outputs[0]), inputs[1])]),
  ),
  Sum: spread(() => 1),
  Mean: spread((count) => 1 / count),
  Neg: unary(({ t, dy }) => t.op('Neg', [dy])),
  Abs: unary(({ t, dy }, x) => mul(t, dy, t.op('Sign', [x]))),
  Sqrt: unary(({ t, dy }, _, y) => div(t, scale(t, dy, 0.5), y)),
  Reciprocal: unary(({ t, dy }, _, y) => t.op('Neg', [mul(t, dy, mul(t, y, y))])),
  Relu: passing('Greater'),
  LeakyRelu: unary(({ t, dy, view }, x) =>
    t.op('Where', [t.op('Greater', [x, t.scalar(0)]), dy, scale(t, dy, view.float('alpha', 0.01))]),
  ),
  Clip: clip,
  Pow: pow,
  Where: where,
  Identity: identity,
  Cast: cast,
  Exp: unary(({ t, dy }, _, y) => mul(t, dy, y)),
  Log: unary(({ t, dy }, x) => div(t, dy, x)),
  Erf: unary(({ t, dy }, x) => {
    const bell = t.op('Exp', [t.op('Neg', [mul(t, x, x)])]);
    return mul(t, dy, scale(t, bell, 2 / Math.sqrt(Math.PI)));
  }),
  Tanh: unary(({ t, dy }, _, y) => mul(t, dy, sub(t, t.scalar(1), mul(t, y, y)))),
  Sigmoid: unary(({ t, dy }, _, y) => mul(t, dy, mul(t, y, sub(t, t.scalar(1), y)))),
  Softplus: unary(({ t, dy }, x) => mul(t, dy, t.op('Sigmoid', [x]))),
  Sin: unary(({ t, dy }, x) => mul(t, dy, t.op('Cos', [x]))),
  Cos: unary(({ t, dy }, x) => t.op('Neg', [mul(t, dy, t.op('Sin', [x]))])),
  Elu: unary(({ t, dy, view }, x, y) => {
    const slope = add(t, y, t.scalar(view.float('alpha', 1)));
    return t.op('Where', [t.op('Greater', [x, t.scalar(0)]), dy, mul(t, dy, slope)]);
  }),
  Gelu: unary((node, x) => mul(node.t, node.dy, geluSlope(node, x))),
};

function geluSlope({ t, view }: Backward, x: string): string {
  if (view.text('approximate', 'none') === 'tanh') {
    const k = Math.sqrt(2 / Math.PI);
    const square = mul(t, x, x);
    const inner = scale(t, mul(t, x, add(t, scale(t, square, 0.044715), t.scalar(1))), k);
    const tanh = t.op('Tanh', [inner]);
    const first = scale(t, add(t, tanh, t.scalar(1)), 0.5);
    const outer = sub(t, t.scalar(1), mul(t, tanh, tanh));
    const slope = scale(t, add(t, scale(t, square, 3 * 0.044715), t.scalar(1)), 0.5 * k);
    return add(t, first, mul(t, mul(t, x, outer), slope));
  }
  // ½ (1 + erf s + 2/√π s exp(-s²)) with s = x/√2; the factor is within the exponent
  const s = scale(t, x, Math.SQRT1_2);
  const bell = t.op('Exp', [sub(t, t.scalar(Math.log(2 / Math.sqrt(Math.PI))), mul(t, s, s))]);
  return scale(t, t.op('Sum', [t.op('Erf', [s]), mul(t, s, bell), t.scalar(1)]), 0.5);
}
