import { EssaimError } from '../../errors.ts';
import type { LoweredGraph, LoweredNode } from '../graph.ts';
import { isTranscendental } from '../operators/index.ts';
import type { Shape } from '../operators/spec.ts';
import type { InputRange } from '../types.ts';
import { type Bounds, type Known, LEAST_NORMAL, lowestBit, ofConstant, ofRange, ofType } from './bounds.ts';
import { dot } from './dot.ts';
import { castFits, elementwise, type Finding } from './elementwise.ts';
import { products, repeated, sum, together, upTo } from './sums.ts';

const DOTS = ['MatMul', 'MatMulInteger', 'Gemm', 'Conv', 'ConvInteger'];

/** What is proven of the whole graph. */
export interface Analysis {
  /** Bounds of every input and result by name, and of the constants that were looked at. */
  readonly bounds: ReadonlyMap<string, Known>;
  /** For each node: whether every device gives the same result. */
  readonly exact: readonly boolean[];
}

const ZERO: Bounds = { low: 0, high: 0, quantum: 2 ** 128 };

/** Elements of the rows over masked axes. */
const rowAt = ({ dims }: Shape, mask: number): number =>
  dims.reduce((count, size, axis) => ((mask >> axis) & 1 ? count * size : count), 1);

/** Bounds of both. */
const widened = (a: Bounds, b: Bounds): Pick<Bounds, 'low' | 'high'> => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
});

/** Bounds of a - b, integers that become floats. */
const difference = (a: Bounds, b: Bounds): Bounds => ({
  low: Math.fround(a.low - b.high),
  high: Math.fround(a.high - b.low),
  quantum: 1,
});

const union = (all: readonly Known[]): Known => {
  const known = all.filter((b): b is Bounds => b !== null);
  if (known.length < all.length) return null;
  return {
    low: Math.min(...known.map((b) => b.low)),
    high: Math.max(...known.map((b) => b.high)),
    quantum: Math.min(...known.map((b) => b.quantum)),
  };
};

/** Follows declared input ranges through the graph. Throws `ONNX_UNGUARDED_CAST` where a cast may leave its type. */
export function analyse(graph: LoweredGraph, ranges: ReadonlyMap<string, InputRange>): Analysis {
  const bounds = new Map<string, Known>();
  for (const { name, shape } of graph.inputs) {
    const range = ranges.get(name);
    bounds.set(name, range ? ofRange(shape.dtype, range) : ofType(shape.dtype));
  }
  // the elements of a weight are looked at when they matter: beside operands that have bounds, or alone
  const known = (name: string): Known => {
    const constant = bounds.has(name) ? undefined : graph.constants.get(name);
    if (constant) bounds.set(name, ofConstant(constant));
    return bounds.get(name) ?? null;
  };
  const exact = graph.nodes.map((node) => {
    const finding = judge(node);
    bounds.set(node.result, finding.bounds);
    return finding.exact;
  });
  return { bounds, exact };

  function judge(node: LoweredNode): Finding {
    if (DOTS.includes(node.type)) {
      return dot(
        node,
        known,
        (name) => graph.constants.get(name),
        (name) => graph.shapes.get(name)!.dims,
      );
    }
    if (isTranscendental(node.type)) return { bounds: null, exact: false };
    const operands = node.operands.map((name) => (name === '' ? undefined : known(name)));
    const shapes = node.operands.map((name) => graph.shapes.get(name));
    const from = shapes[0]!.dtype;
    const to = node.shape.dtype;
    if (node.type === 'Cast' && from === 'float32' && !castFits(operands[0] ?? null, to)) {
      throw new EssaimError(
        'ONNX_UNGUARDED_CAST',
        `node ${node.label}: a float that may lie outside ${to} is cast to it`,
        {
          help: `Declare the inputs' ranges (metadata essaim.range.<input> = "low high step") or clip values before the cast.`,
          details: { node: node.label, bounds: operands[0] ?? null },
        },
      );
    }
    const found = elementwise(node.type, from, to, operands, node.attributes.map(Number));
    if (found) return found;
    const first = operands[0] ?? null;
    switch (node.type) {
      case 'ArgMax':
      case 'ArgMin': {
        const size = shapes[0]!.dims[Number(node.attributes[0])];
        return { bounds: { low: 0, high: size - 1, quantum: 1 }, exact: first !== null };
      }
      case 'QuantizeLinear': {
        const scale = operands[1] ?? null;
        const power = scale !== null && scale.low === scale.high && scale.low > 0 && lowestBit(scale.low) === scale.low;
        return { bounds: ofType(to), exact: first !== null && power && first.quantum >= LEAST_NORMAL };
      }
      case 'DequantizeLinear': {
        const zero = operands.length > 2 ? (operands[2] ?? null) : ZERO;
        return elementwise('Mul', to, to, [first && zero && difference(first, zero), operands[1] ?? null], [])!;
      }
      case 'DynamicQuantizeLinear':
      case 'QLinearMatMul':
      case 'QLinearConv':
        return { bounds: ofType(to), exact: false };
      case 'TopK':
        if (Number(node.attributes[2]) !== 0) {
          const size = shapes[0]!.dims[Number(node.attributes[0])];
          return { bounds: { low: 0, high: size - 1, quantum: 1 }, exact: first !== null };
        }
        return { bounds: first, exact: first !== null };
      case 'ReduceSum':
      case 'ReduceMean': {
        const count = rowAt(shapes[0]!, Number(node.attributes[0]));
        return sum(to, repeated(first, count), node.type === 'ReduceMean' ? count : 1);
      }
      case 'AveragePool': {
        const count = Number(node.attributes[0]) * Number(node.attributes[1]);
        const found = sum(to, upTo(first, count), count);
        // near a border an average may be of fewer elements
        const bounds = found.bounds && first && { ...found.bounds, ...widened(first, found.bounds) };
        const whole = node.attributes.slice(4, 6).every((pad) => Number(pad) === 0) || Number(node.attributes[8]) !== 0;
        return whole && found.exact ? found : { bounds: bounds && { ...bounds, quantum: 2 ** -149 }, exact: false };
      }
      case 'CumSum':
        return sum(to, upTo(first, shapes[0]!.dims[Number(node.attributes[0])]));
      case 'Sum':
      case 'Mean': {
        const all = operands.map((b) => b ?? null);
        return sum(to, together(all), node.type === 'Mean' ? all.length : 1);
      }
      case 'ConvTranspose':
      case 'Einsum': {
        const [x, w] = [operands[0] ?? null, operands[1] ?? null];
        const sizes = shapes[1]!.dims.reduce((a, b) => a * b, 1);
        return sum(to, products(x, w, sizes, operands.length > 2 ? operands[2] : undefined));
      }
      case 'ReduceMax':
      case 'ReduceMin':
      case 'MaxPool':
        return { bounds: first, exact: first !== null };
      case 'GatherND': {
        const [sizes, index] = [shapes[0]!.dims.slice(Number(node.attributes[0])), operands[1]!];
        const least = Math.min(...sizes.slice(0, shapes[1]!.dims.at(-1)));
        return { bounds: first, exact: index !== null && index.low >= -least && index.high < least };
      }
      case 'OneHot':
        return { bounds: operands[1] ?? null, exact: true };
      case 'Pad':
        return { bounds: union([first, operands.length > 1 ? (operands[1] ?? null) : ZERO]), exact: true };
      case 'Trilu':
        return { bounds: union([first, ZERO]), exact: true };
      case 'Gather':
      case 'GatherElements': {
        const size = shapes[0]!.dims[Number(node.attributes[0])];
        const index = operands[1]!;
        return { bounds: first, exact: index !== null && index.low >= -size && index.high < size };
      }
      case 'Concat':
        return { bounds: union(operands.map((b) => b ?? null)), exact: true };
      case 'Where':
        return { bounds: union(operands.slice(1).map((b) => b ?? null)), exact: true };
      default:
        return { bounds: first, exact: true };
    }
  }
}
