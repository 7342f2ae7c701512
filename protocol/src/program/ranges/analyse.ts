import { EssaimError } from '../../errors.ts';
import type { LoweredGraph, LoweredNode } from '../graph.ts';
import { isTranscendental } from '../operators/index.ts';
import type { InputRange } from '../types.ts';
import { type Bounds, type Known, ofConstant, ofRange, ofType } from './bounds.ts';
import { dot } from './dot.ts';
import { castFits, elementwise, type Finding } from './elementwise.ts';

const DOTS = ['MatMul', 'MatMulInteger', 'Gemm', 'Conv', 'ConvInteger'];

/** What is proven of the whole graph. */
export interface Analysis {
  /** Bounds of every input, constant and result by name. */
  readonly bounds: ReadonlyMap<string, Known>;
  /** For each node: whether every device gives the same result. */
  readonly exact: readonly boolean[];
}

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
  for (const [name, tensor] of graph.constants) bounds.set(name, ofConstant(tensor));
  for (const { name, shape } of graph.inputs) {
    const range = ranges.get(name);
    bounds.set(name, range ? ofRange(shape.dtype, range) : ofType(shape.dtype));
  }
  const known = (name: string): Known => bounds.get(name) ?? null;
  const exact = graph.nodes.map((node) => {
    const finding = judge(node);
    bounds.set(node.result, finding.bounds);
    return finding.exact;
  });
  return { bounds, exact };

  function judge(node: LoweredNode): Finding {
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
    if (DOTS.includes(node.type)) {
      return dot(
        node,
        known,
        (name) => graph.constants.get(name),
        (name) => graph.shapes.get(name)!.dims,
      );
    }
    if (isTranscendental(node.type)) return { bounds: null, exact: false };
    const found = elementwise(node.type, from, to, operands, node.attributes.map(Number));
    if (found) return found;
    const first = operands[0] ?? null;
    switch (node.type) {
      case 'ArgMax':
      case 'ArgMin': {
        const size = shapes[0]!.dims[Number(node.attributes[0])];
        return { bounds: { low: 0, high: size - 1, quantum: 1 }, exact: first !== null };
      }
      case 'MaxPool':
        return { bounds: first, exact: first !== null };
      case 'Gather': {
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
