import type { NodeView } from '../node-view.ts';
import { broadcast } from './broadcast.ts';
import { floatBits } from './elementwise.ts';
import type { OperatorSpec } from './spec.ts';

function float(node: NodeView, slot: number): void {
  const { dtype } = node.shape(slot);
  if (dtype !== 'float32') throw node.malformed(`operand ${slot} is ${dtype}, not float32`);
}

const activation = (versions: number[], words: (node: NodeView) => number[] = () => []): OperatorSpec => ({
  versions,
  lower(node) {
    node.arity(1);
    float(node, 0);
    return { operands: [0], attributes: words(node), output: node.shape(0) };
  },
});

const bits = (name: string, fallback: number) => (node: NodeView) => floatBits(node.float(name, fallback));
const alpha = bits('alpha', 1);
const [slope, offset] = [bits('alpha', 0.2), bits('beta', 0.5)];

function approximation(node: NodeView): number[] {
  const name = node.text('approximate', 'none');
  if (name !== 'none' && name !== 'tanh') throw node.unsupported('approximate', `is ${name}`);
  return [name === 'tanh' ? 1 : 0];
}

const pow: OperatorSpec = {
  versions: [13, 15],
  lower(node) {
    node.arity(2);
    float(node, 0);
    float(node, 1);
    const dims = broadcast(node, node.shape(0).dims, node.shape(1).dims);
    return { operands: [0, 1], attributes: [], output: { dtype: 'float32', dims } };
  },
};

/** Transcendental functions of one element, and powers. */
export const ACTIVATION: Readonly<Record<string, OperatorSpec>> = {
  Exp: activation([13]),
  Log: activation([13]),
  Erf: activation([13]),
  Tanh: activation([13]),
  Sigmoid: activation([13]),
  Softplus: activation([1, 22]),
  Gelu: activation([20], approximation),
  HardSwish: activation([14, 22]),
  HardSigmoid: activation([6, 22], (node) => [slope(node), offset(node)]),
  Elu: activation([6, 22], (node) => [alpha(node)]),
  Sin: activation([7, 22]),
  Cos: activation([7, 22]),
  Reciprocal: activation([13]),
  Pow: pow,
};
