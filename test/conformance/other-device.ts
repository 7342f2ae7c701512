import { type OnnxModel, type OnnxNode, type OnnxTensor, readOnnx, writeOnnx } from '@essaim/protocol';

/**
 * The same model for a device that adds in another order: before every product with a constant matrix the columns of
 * one factor and the rows of the other are shuffled alike. Honest, and different in the last bits.
 */
export function otherDevice(onnx: Uint8Array): Uint8Array {
  const model = readOnnx(onnx);
  const initializers = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const nodes = model.nodes.flatMap((node, i): OnnxNode[] => {
    const weight = initializers.get(node.inputs[1]);
    if (!['MatMul', 'Gemm'].includes(node.type) || weight?.dims.length !== 2 || node.attributes.has('transB'))
      return [node];
    const order = permutation(weight.dims[0]);
    const [indices, shuffled] = [`order/${i}`, `weight/${i}`];
    const ints = BigInt64Array.from(order.map(BigInt));
    const dims = [order.length];
    initializers.set(indices, { name: indices, dtype: 'int64', dims, bytes: new Uint8Array(ints.buffer) });
    initializers.set(shuffled, { ...weight, name: shuffled, bytes: rows(weight, order) });
    const gathered = `${node.inputs[0]}/${i}`;
    const axis = new Map([['axis', { kind: 'int', value: -1n } as const]]);
    return [
      { name: '', type: 'Gather', inputs: [node.inputs[0], indices], outputs: [gathered], attributes: axis },
      { ...node, inputs: [gathered, shuffled, ...node.inputs.slice(2)] },
    ];
  });
  return writeOnnx({ ...model, nodes, initializers: [...initializers.values()] } satisfies OnnxModel);
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
