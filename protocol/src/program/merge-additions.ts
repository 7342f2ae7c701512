import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx/model.ts';
import { lower } from './graph.ts';

type Dims = readonly number[];
const count = (dims: Dims): number => dims.reduce((a, b) => a * b, 1);

/** A product of matrices by a weight, and what is added to its result: nothing, a bias, or a tensor of its shape. */
interface Product {
  readonly node: OnnxNode;
  /** Rows, terms and columns of the product. */
  readonly rows: number;
  readonly terms: number;
  readonly columns: number;
  /** Nodes that its result passes through, itself first. */
  readonly through: readonly number[];
  readonly added: readonly string[];
}

/**
 * The same network with what is added to a product made a part of it: MatMul and Add become one Gemm, whose interval is
 * that of all terms together. An Add by itself has no interval, so that both its operands are committed to; this way a
 * residual network commits to one tensor a segment. It is another model, to be published in the place of the first:
 * what is executed is what is judged. A bias that stands between a product and a residual is added to the residual.
 * Throws as compiling does where a node is not known.
 */
export function mergeAdditions(model: OnnxModel): OnnxModel {
  const { shapes } = lower(model);
  const initializers = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const readers = new Map<string, number>();
  for (const name of [...model.nodes.flatMap(({ inputs }) => inputs), ...model.outputs.map((output) => output.name)]) {
    readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  const dimsOf = (name: string): Dims | undefined => shapes.get(name)?.dims;
  const products = new Map<string, Product>();
  for (const [index, node] of model.nodes.entries()) {
    const [result] = node.outputs;
    const made = productOf(node, index) ?? sumOf(node, index);
    if (made) products.set(result, made);
  }
  const merged = [...products].filter(([, { through }]) => through.length > 1);
  const last = new Map(merged.map(([result, product]) => [product.through.at(-1)!, { result, product }]));
  const gone = new Set<number>();
  for (const { product } of last.values()) for (const index of product.through) gone.add(index);
  // a chain that goes on is written where it ends
  for (const { product } of [...last.values()]) {
    for (const index of product.through.slice(0, -1)) last.delete(index);
  }
  const rows = new Rows(dimsOf);
  const nodes = model.nodes.flatMap((node, index) => {
    const end = last.get(index);
    if (end) return rows.write(end.product, end.result);
    return gone.has(index) ? [] : [node];
  });
  return { ...model, nodes, initializers: [...model.initializers, ...rows.sizes.values()] };

  function productOf(node: OnnxNode, index: number): Product | undefined {
    const [a, b, c = ''] = node.inputs;
    const weight = initializers.get(b);
    const dims = dimsOf(node.outputs[0]);
    if (weight?.dtype !== 'float32' || weight.dims.length !== 2 || !dims) return undefined;
    const isGemm = node.type === 'Gemm' && plain(node);
    if (!isGemm && (node.type !== 'MatMul' || (dimsOf(a)?.length ?? 0) < 2)) return undefined;
    const columns = dims.at(-1)!;
    const terms = count(weight.dims) / columns;
    return { node, rows: count(dims) / columns, terms, columns, through: [index], added: c === '' ? [] : [c] };
  }

  /** A sum of a product that nobody else reads and of what a Gemm can add to it. */
  function sumOf(node: OnnxNode, index: number): Product | undefined {
    const dims = dimsOf(node.outputs[0]);
    if (node.type !== 'Add' || !dims) return undefined;
    for (const [slot, name] of node.inputs.entries()) {
      const product = products.get(name);
      const other = node.inputs[1 - slot];
      if (!product || readers.get(name) !== 1 || dimsOf(name)?.join() !== dims.join() || !dimsOf(other)) continue;
      const fits = dimsOf(other)!.join() === dims.join() || dimsOf(other)!.join() === `${product.columns}`;
      if (!fits || product.added.length > 1) continue;
      return { ...product, through: [...product.through, index], added: [...product.added, other] };
    }
    return undefined;
  }
}

/** Whether a Gemm multiplies its operands as they are, but for a weight that may lie transposed. */
function plain({ attributes }: OnnxNode): boolean {
  const one = (name: string): boolean => {
    const attribute = attributes.get(name);
    return !attribute || (attribute.kind === 'float' && attribute.value === 1);
  };
  const transA = attributes.get('transA');
  return one('alpha') && one('beta') && (!transA || (transA.kind === 'int' && transA.value === 0n));
}

/** Writes products of matrices; tensors of more axes are seen as matrices by a Reshape, each at most once. */
class Rows {
  readonly sizes = new Map<string, OnnxTensor>();
  readonly #dimsOf: (name: string) => Dims | undefined;
  readonly #matrices = new Map<string, string>();

  constructor(dimsOf: (name: string) => Dims | undefined) {
    this.#dimsOf = dimsOf;
  }

  write({ node, rows, terms, columns, added }: Product, result: string): OnnxNode[] {
    const nodes: OnnxNode[] = [];
    const make = (type: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = new Map()) => {
      nodes.push({ name: output, type, inputs, outputs: [output], attributes });
      return output;
    };
    const reshape = (name: string, dims: Dims, output: string) => make('Reshape', [name, this.#size(dims)], output);
    const matrix = (name: string, width: number): string => {
      const dims = this.#dimsOf(name)!;
      if (dims.length <= 2) return name;
      const known = this.#matrices.get(name) ?? reshape(name, [rows, width], `${name}/rows`);
      this.#matrices.set(name, known);
      return known;
    };
    const a = matrix(node.inputs[0], terms);
    const all = added.map((name) => matrix(name, columns));
    const c = all.length > 1 ? make('Add', all, `${result}/added`) : all[0];
    const dims = this.#dimsOf(result)!;
    const attributes = node.type === 'Gemm' ? node.attributes : new Map();
    if (dims.length === 2) {
      make('Gemm', [a, node.inputs[1], c], result, attributes);
    } else {
      const product = make('Gemm', [a, node.inputs[1], c], `${result}/rows`, attributes);
      this.#matrices.set(result, product);
      reshape(product, dims, result);
    }
    return nodes;
  }

  #size(dims: Dims): string {
    const name = `rows/${dims.join('x')}`;
    const bytes = new Uint8Array(BigInt64Array.from(dims.map(BigInt)).buffer);
    this.sizes.set(name, { name, dtype: 'int64', dims: [dims.length], bytes });
    return name;
  }
}
