import { DTYPES } from '../program/types.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from './model.ts';

/** Greatest numbers of terms that products and convolutions are left whole with. */
export interface SplitOptions {
  /** Of MatMul and Gemm by a weight: beyond about 2,048, weights of 16 bits in one operator are only void. */
  readonly product: number;
  /** Of Conv, whose kernels make longer chains: beyond about 600. */
  readonly convolution: number;
}
export const DEFAULT_SPLIT: SplitOptions = { product: 2048, convolution: 576 };

/**
 * The same network with long float32 reductions over weights cut into parts that are added up: slices of the first
 * operand times parts of the weight. It is another model, to be published in the place of the first: what is executed
 * is what is judged. Other nodes stay as they are, those with two computed operands and grouped convolutions among them.
 */
export function splitReductions(model: OnnxModel, options: SplitOptions = DEFAULT_SPLIT): OnnxModel {
  const weights = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const added: OnnxTensor[] = [];
  const nodes = model.nodes.flatMap((node) => {
    const weight = weights.get(node.inputs[1]);
    const axis = weight?.dtype === 'float32' ? axisOf(node, weight) : undefined;
    if (!weight || axis === undefined) return [node];
    const depth = weight.dims[axis];
    const each = node.type === 'Conv' ? weight.dims[2] * weight.dims[3] : 1;
    const longest = node.type === 'Conv' ? options.convolution : options.product;
    const most = Math.max(1, Math.floor(longest / each));
    if (depth <= most) return [node];
    const parts = Math.ceil(depth / most);
    const size = Math.ceil(depth / parts);
    const cut = split(
      node,
      weight,
      axis,
      Array.from({ length: parts + 1 }, (_, i) => Math.min(depth, i * size)),
    );
    added.push(...cut.weights);
    return cut.nodes;
  });
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const kept = model.initializers.filter(({ name }) => used.has(name));
  const inputs = model.inputs.filter(({ name }) => !weights.has(name) || used.has(name));
  return { ...model, nodes, initializers: [...kept, ...added], inputs };
}

/** The weight's axis that is reduced, where the node can be cut. */
function axisOf(node: OnnxNode, { dims }: OnnxTensor): number | undefined {
  const int = (name: string, otherwise: bigint): bigint => {
    const attribute = node.attributes.get(name);
    return attribute?.kind === 'int' ? attribute.value : otherwise;
  };
  if (node.type === 'MatMul') return dims.length === 2 ? 0 : undefined;
  if (node.type === 'Gemm') return int('transA', 0n) === 0n ? Number(int('transB', 0n)) : undefined;
  return node.type === 'Conv' && dims.length === 4 && int('group', 1n) === 1n ? 1 : undefined;
}

function split(node: OnnxNode, weight: OnnxTensor, axis: number, cuts: readonly number[]) {
  const [x, , bias = ''] = node.inputs;
  const [y] = node.outputs;
  const at = (what: string, part: number): string => `${y}/${what}${part}`;
  const ints = (name: string, value: number): OnnxTensor => {
    const bytes = new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
    return { name, dtype: 'int64', dims: [1], bytes };
  };
  const operandAxis = node.type === 'Conv' ? 1 : -1;
  const weights: OnnxTensor[] = [ints(`${y}/axis`, operandAxis)];
  const nodes: OnnxNode[] = [];
  const make = (
    type: string,
    inputs: string[],
    output: string,
    attributes: OnnxNode['attributes'] = new Map(),
  ): void => {
    nodes.push({ name: output, type, inputs, outputs: [output], attributes });
  };
  for (const [part, start] of cuts.slice(0, -1).entries()) {
    const end = cuts[part + 1];
    weights.push(ints(at('start', part), start), ints(at('end', part), end));
    weights.push({ ...sliced(weight, axis, start, end), name: at('weight', part) });
    make('Slice', [x, at('start', part), at('end', part), `${y}/axis`], at('x', part));
    const operands = [at('x', part), at('weight', part)];
    if (part === 0 && bias !== '') operands.push(bias);
    make(node.type, operands, at('part', part), node.attributes);
  }
  const last = cuts.length - 2;
  for (let part = 1; part <= last; part++) {
    const sum = part === 1 ? at('part', 0) : at('sum', part - 1);
    make('Add', [sum, at('part', part)], part === last ? y : at('sum', part));
  }
  return { nodes, weights };
}

/** Places `start` to `end` of one axis. */
export function sliced(
  { dtype, dims, bytes }: OnnxTensor,
  axis: number,
  start: number,
  end: number,
): Omit<OnnxTensor, 'name'> {
  const inner = dims.slice(axis + 1).reduce((a, b) => a * b, DTYPES[dtype].size);
  const outer = dims.slice(0, axis).reduce((a, b) => a * b, 1);
  const length = (end - start) * inner;
  const out = new Uint8Array(outer * length);
  for (let o = 0; o < outer; o++) {
    const from = (o * dims[axis] + start) * inner;
    out.set(bytes.subarray(from, from + length), o * length);
  }
  return { dtype, dims: dims.with(axis, end - start), bytes: out };
}
