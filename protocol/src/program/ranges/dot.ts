import type { OnnxTensor } from '../../onnx/model.ts';
import type { LoweredNode } from '../graph.ts';
import { type Bounds, greatest, type Known, LEAST_NORMAL, numbersOf, ofType, rounded } from './bounds.ts';
import type { Finding } from './elementwise.ts';

/** Sums of the positive and of the negative weights that enter each result. */
interface Sums {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

/** Reduces the middle dimension of a constant seen as [outer, depth, inner]. */
function sums(tensor: OnnxTensor, outer: number, depth: number, inner: number): Sums {
  const numbers = numbersOf(tensor);
  const positive = new Float64Array(outer * inner);
  const negative = new Float64Array(outer * inner);
  for (let o = 0, at = 0; o < outer; o++) {
    for (let k = 0; k < depth; k++) {
      for (let i = 0; i < inner; i++, at++) {
        const w = numbers[at];
        if (w > 0) positive[o * inner + i] += w;
        else negative[o * inner + i] += w;
      }
    }
  }
  return { positive, negative };
}

const count = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** How constants of a node are reduced, and the length of its sums. */
function reduction(node: LoweredNode, slot: 0 | 1, dims: readonly number[]): { outer: number; depth: number } {
  if (node.type.startsWith('Conv')) return { outer: dims[0], depth: count(dims.slice(1)) };
  const transposed = node.type === 'Gemm' && Number(node.attributes[slot]) === 1;
  const rows = slot === 0 ? !transposed : transposed;
  if (dims.length === 1) return { outer: 1, depth: dims[0] };
  if (rows) return { outer: count(dims.slice(0, -1)), depth: dims[dims.length - 1] };
  return { outer: count(dims.slice(0, -2)), depth: dims[dims.length - 2] };
}

const withZero = (b: Bounds): Bounds => ({ ...b, low: Math.min(b.low, 0), high: Math.max(b.high, 0) });
const minus = (a: Bounds, zero: Bounds): Bounds => ({
  low: a.low - zero.high,
  high: a.high - zero.low,
  quantum: Math.min(a.quantum, zero.quantum),
});

/** What is proven of a sum of products. */
export function dot(
  node: LoweredNode,
  known: (name: string) => Known,
  constantOf: (name: string) => OnnxTensor | undefined,
  dimsOf: (name: string) => readonly number[],
): Finding {
  const [a, b, third, fourth] = node.operands;
  const integer = node.type.endsWith('Integer');
  const unknown: Finding = { bounds: ofType(node.shape.dtype), exact: integer };
  let x = known(a);
  // a weight's elements matter only beside bounds
  let w = x && known(b);
  if (!x || !w) return unknown;
  if (integer && third) x = minus(x, known(third)!);
  if (integer && fourth) w = minus(w, known(fourth)!);
  if (node.type.startsWith('Conv')) x = withZero(x);

  const slot = constantOf(b) ? 1 : 0;
  const weights = constantOf(b) ?? constantOf(a);
  const constant = (integer && (third || fourth)) || weights?.bytes.length === 0 ? undefined : weights;
  const { outer, depth } = reduction(node, constant ? slot : 1, dimsOf(constant ? node.operands[slot] : b));
  const bias = integer || !third ? undefined : { bounds: known(third), tensor: constantOf(third) };
  if (bias?.bounds === null) return unknown;

  let [low, high, magnitude] = [Infinity, -Infinity, 0];
  const add = (from: number, to: number, size: number) => {
    low = Math.min(low, from);
    high = Math.max(high, to);
    magnitude = Math.max(magnitude, size);
  };
  const added = bias?.bounds ?? { low: 0, high: 0, quantum: 2 ** 128 };
  if (constant) {
    const inner = depth === 0 ? 1 : Math.max(1, count(constant.dims) / (outer * depth || 1));
    const { positive, negative } = sums(constant, outer, depth, inner);
    const other = slot === 1 ? x : w;
    const biases =
      bias?.tensor && bias.tensor.bytes.length / 4 === positive.length ? numbersOf(bias.tensor) : undefined;
    positive.forEach((plus, i) => {
      const least = biases ? biases[i] : added.low;
      const most = biases ? biases[i] : added.high;
      add(
        plus * other.low + negative[i] * other.high + least,
        plus * other.high + negative[i] * other.low + most,
        (plus - negative[i]) * greatest(other) + Math.max(Math.abs(least), Math.abs(most)),
      );
    });
    if (positive.length === 0) add(0, 0, 0);
  } else {
    const size = depth * greatest(x) * greatest(w);
    add(-size + added.low, size + added.high, size + greatest(added));
  }

  const quantum = Math.min(x.quantum * w.quantum, added.quantum);
  if (integer) return { bounds: rounded('int32', { low, high, quantum }), exact: true };
  if (node.shape.dtype !== 'float32') return { bounds: ofType(node.shape.dtype), exact: false };
  const scaled = node.type === 'Gemm' && node.attributes.slice(2).some((bits) => Number(bits) !== 0x3f800000);
  if (scaled) return unknown;
  const exact = quantum >= LEAST_NORMAL && magnitude <= 2 ** 24 * quantum;
  if (exact) return { bounds: rounded('float32', { low, high, quantum }), exact };
  const error = (Math.max(256, depth) + depth / 256 + 2) * 2 ** -24 * magnitude + LEAST_NORMAL;
  return { bounds: rounded('float32', { low: low - error, high: high + error, quantum: 2 ** -149 }), exact };
}
