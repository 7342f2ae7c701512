import { type OnnxModel, type OnnxNode, type OnnxTensor, type Program, readOnnx, writeOnnx } from '@essaim/protocol';

type Attributes = OnnxNode['attributes'];

/**
 * The same model for a device that adds in another order: before every sum its terms are shuffled, those of both factors
 * of a product alike. Honest, and different in the last bits. `program` is what the model compiles to: it knows how long
 * the sums are of which no factor is constant, and without it only the others are shuffled.
 */
export function otherDevice(onnx: Uint8Array, program?: Program): Uint8Array {
  const model = readOnnx(onnx);
  const initializers = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const dims = new Map<string, readonly number[]>([
    ...(program?.inputs ?? []).map(({ name, type }) => [name, type.dims] as const),
    ...(program?.values ?? []).flatMap(({ source, type }) =>
      'onnx' in source ? [[source.onnx, type.dims] as const] : [],
    ),
    ...model.initializers.map((tensor) => [tensor.name, tensor.dims] as const),
  ]);
  const added: OnnxNode[] = [];
  let count = 0;

  /** The tensor with its elements along an axis in the order of a permutation. */
  function shuffled(name: string, axis: number, order: readonly number[]): string {
    const result = `${name}/shuffled/${count++}`;
    const constant = initializers.get(name);
    if (constant?.dims.length === 2 && axis === 0) {
      initializers.set(result, { ...constant, name: result, bytes: rows(constant, order) });
      return result;
    }
    const indices = `order/${order.length}/${order[0]}`;
    const bytes = new Uint8Array(BigInt64Array.from(order.map(BigInt)).buffer);
    initializers.set(indices, { name: indices, dtype: 'int64', dims: [order.length], bytes });
    added.push(nodeOf('Gather', [name, indices], result, new Map([['axis', { kind: 'int', value: BigInt(axis) }]])));
    return result;
  }

  function otherwise(node: OnnxNode): OnnxNode {
    const [a, b, ...rest] = node.inputs;
    const [left, right] = [dims.get(a), dims.get(b)];
    if (node.type === 'Gemm' && right) {
      const [transA, transB] = ['transA', 'transB'].map((name) => flag(node, name));
      const order = permutation(right[transB]);
      return { ...node, inputs: [shuffled(a, 1 - transA, order), shuffled(b, transB, order), ...rest] };
    }
    if (node.type === 'MatMul' && right && right.length > 1 && left?.length !== 1) {
      const order = permutation(right.at(-2)!);
      // without a program the left factor's rank is not known: its last axis is -1
      return { ...node, inputs: [shuffled(a, -1, order), shuffled(b, right.length - 2, order)] };
    }
    const axes = initializers.get(b);
    if ((node.type === 'ReduceSum' || node.type === 'ReduceMean') && left && axes) {
      const each = [...new BigInt64Array(axes.bytes.slice().buffer)].map((axis) => Number(axis) % left.length);
      const moved = each.reduce((name, axis) => shuffled(name, axis, permutation(left.at(axis)!)), a);
      return { ...node, inputs: [moved, b] };
    }
    return node;
  }

  const nodes = model.nodes.flatMap((node) => {
    added.length = 0;
    const other = otherwise(node);
    return [...added, other];
  });
  return writeOnnx({ ...model, nodes, initializers: [...initializers.values()] } satisfies OnnxModel);
}

const nodeOf = (type: string, inputs: string[], output: string, attributes: Attributes): OnnxNode => ({
  name: output,
  type,
  inputs,
  outputs: [output],
  attributes,
});

function flag({ attributes }: OnnxNode, name: string): 0 | 1 {
  const attribute = attributes.get(name);
  return attribute?.kind === 'int' && attribute.value !== 0n ? 1 : 0;
}

/** 0 … n - 1, last half first and backwards. */
const permutation = (n: number): number[] =>
  Array.from({ length: n }, (_, i) => (i % 2 === 0 ? n - 1 - i / 2 : (i - 1) / 2));

function rows({ bytes, dims }: OnnxTensor, order: readonly number[]): Uint8Array {
  const size = bytes.length / dims[0];
  const out = new Uint8Array(bytes.length);
  order.forEach((row, i) => {
    out.set(bytes.subarray(row * size, (row + 1) * size), i * size);
  });
  return out;
}
