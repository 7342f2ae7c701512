import { elementValue } from '../../commitments/program.ts';
import { dtypeOf } from '../../commitments/type.ts';
import type { NodeView } from '../node-view.ts';
import { DTYPES, type DType } from '../types.ts';
import { broadcast } from './broadcast.ts';
import type { Lowered, OperatorSpec } from './spec.ts';

export const floatBits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0];

const sameTypes = (node: NodeView, from: number): void => {
  for (const i of node.all()) {
    if (i < from || !node.has(i)) continue;
    if (node.shape(i).dtype !== node.shape(from).dtype) {
      throw node.malformed(`operand ${i} is ${node.shape(i).dtype}, operand ${from} is ${node.shape(from).dtype}`);
    }
  }
};

const unary = (...versions: number[]): OperatorSpec => ({
  versions,
  lower(node) {
    node.arity(1);
    return { operands: [0], attributes: [], output: node.shape(0) };
  },
});

function stretched(node: NodeView, result?: DType): Lowered {
  sameTypes(node, 0);
  const operands = node.all();
  const dims = broadcast(node, ...operands.map((i) => node.shape(i).dims));
  return { operands, attributes: [], output: { dtype: result ?? node.shape(0).dtype, dims } };
}

const binary = (versions: number[], result?: DType): OperatorSpec => ({
  versions,
  lower(node) {
    node.arity(2);
    return stretched(node, result);
  },
});

const extreme: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(Math.max(1, node.count), 127);
    return stretched(node);
  },
};

/** Integer division is defined by all engines alike only where the divisor is never 0 or -1. */
function guardDivisor(node: NodeView, dtype: DType): void {
  const divisor = node.constant(1);
  const { size } = DTYPES[dtype];
  const elements = divisor && Array.from({ length: divisor.bytes.length / size }, (_, i) => i * size);
  const value = (at: number) => {
    let bits = 0n;
    for (let k = size - 1; k >= 0; k--) bits = (bits << 8n) | BigInt(divisor!.bytes[at + k]);
    return elementValue(dtype, bits);
  };
  if (!elements || elements.some((at) => value(at) === 0 || value(at) === -1)) {
    throw node.error(
      'ONNX_UNGUARDED_DIVISION',
      divisor ? 'an integer divisor is 0 or -1' : 'an integer divisor is computed',
      'Divide integers by a constant other than 0 and -1.',
    );
  }
}

const div: OperatorSpec = {
  versions: [13, 14],
  lower(node) {
    node.arity(2);
    const { dtype } = node.shape(1);
    if (dtype !== 'float32') guardDivisor(node, dtype);
    return stretched(node);
  },
};

const mod: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(2);
    const { dtype } = node.shape(1);
    if (dtype === 'float32') throw node.error('ONNX_UNSUPPORTED_TYPE', 'divides floats', 'Divide integers.');
    guardDivisor(node, dtype);
    return { ...stretched(node), attributes: [node.int('fmod', 0) !== 0 ? 1 : 0] };
  },
};

/** Shifts by the width of the type or more have no result that all engines share, so shifts are constants. */
const bitShift: OperatorSpec = {
  versions: [11],
  lower(node) {
    node.arity(2);
    const direction = node.text('direction', '');
    if (direction !== 'LEFT' && direction !== 'RIGHT') throw node.malformed(`direction "${direction}"`);
    const by = node.constant(1);
    const { size } = DTYPES[node.shape(1).dtype];
    const small = by?.bytes.every((byte, i) => (i % size === 0 ? byte < 8 * size : byte === 0));
    if (!small) {
      throw node.error('ONNX_UNGUARDED_SHIFT', 'shifts by a computed or too large number', 'Shift by constants.');
    }
    return { ...stretched(node), attributes: [direction === 'RIGHT' ? 1 : 0] };
  },
};

const clip: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(1, 3);
    sameTypes(node, 0);
    const operands = node.all();
    for (const i of operands.slice(1)) {
      if (!node.has(i)) continue;
      if (node.shape(i).dims.some((d) => d !== 1)) throw node.malformed(`operand ${i} is no scalar`);
      if (node.shape(i).dims.length > node.shape(0).dims.length) throw node.malformed(`operand ${i} is no scalar`);
    }
    return { operands, attributes: [], output: node.shape(0) };
  },
};

const leakyRelu: OperatorSpec = {
  versions: [6, 16],
  lower(node) {
    node.arity(1);
    const alpha = floatBits(node.float('alpha', 0.01));
    return { operands: [0], attributes: [alpha], output: node.shape(0) };
  },
};

const pRelu: OperatorSpec = {
  versions: [9, 16],
  lower(node) {
    node.arity(2);
    const lowered = stretched(node);
    if (lowered.output.dims.join() !== node.shape(0).dims.join()) throw node.malformed('its slope is too large');
    return lowered;
  },
};

const thresholdedRelu: OperatorSpec = {
  versions: [10, 22],
  lower(node) {
    node.arity(1);
    return { operands: [0], attributes: [floatBits(node.float('alpha', 1))], output: node.shape(0) };
  },
};

const shrink: OperatorSpec = {
  versions: [9],
  lower(node) {
    node.arity(1);
    const words = [node.float('lambd', 0.5), node.float('bias', 0)];
    return { operands: [0], attributes: words.map(floatBits), output: node.shape(0) };
  },
};

const cast: OperatorSpec = {
  versions: [13, 19, 21],
  lower(node) {
    node.arity(1);
    node.int('saturate', 1);
    const to = dtypeOf(node.int('to', 0));
    if (!to) throw node.error('ONNX_UNSUPPORTED_TYPE', `casts to type ${node.int('to', 0)}`, 'Cast to another type.');
    return { operands: [0], attributes: [], output: { dtype: to, dims: node.shape(0).dims } };
  },
};

const where: OperatorSpec = {
  versions: [9, 16],
  lower(node) {
    node.arity(3);
    if (node.shape(0).dtype !== 'bool') throw node.malformed('its condition is not bool');
    sameTypes(node, 1);
    const dims = broadcast(node, node.shape(0).dims, node.shape(1).dims, node.shape(2).dims);
    return { operands: [0, 1, 2], attributes: [], output: { dtype: node.shape(1).dtype, dims } };
  },
};

/** Operators on elements that stand at the same place. */
export const ELEMENTWISE: Readonly<Record<string, OperatorSpec>> = {
  Add: binary([13, 14]),
  Sub: binary([13, 14]),
  Mul: binary([13, 14]),
  Div: div,
  Mod: mod,
  BitShift: bitShift,
  Min: extreme,
  Max: extreme,
  Relu: unary(13, 14),
  LeakyRelu: leakyRelu,
  PRelu: pRelu,
  ThresholdedRelu: thresholdedRelu,
  Shrink: shrink,
  Floor: unary(13),
  Ceil: unary(13),
  Round: unary(11, 22),
  Neg: unary(13),
  Abs: unary(13),
  Sign: unary(13),
  Sqrt: unary(13),
  Clip: clip,
  Cast: cast,
  Where: where,
  Equal: binary([13, 19], 'bool'),
  Greater: binary([13], 'bool'),
  Less: binary([13], 'bool'),
  GreaterOrEqual: binary([12, 16], 'bool'),
  LessOrEqual: binary([12, 16], 'bool'),
  And: binary([7]),
  Or: binary([7]),
  Xor: binary([7]),
  Not: unary(1),
};
