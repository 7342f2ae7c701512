import type { OnnxModel, OnnxNode } from '../onnx/model.ts';
import type { Tape } from './tape.ts';

/**
 * The same step with what is added to a product made a part of it: Gemm and Add become one Gemm, where nobody else reads
 * the product. So a momentum follows from the operands of its gradient, and the gradient need not be committed to. What
 * is added is made before; else nodes keep their order.
 */
export function mergeSums(t: Tape, model: OnnxModel): OnnxModel {
  const readers = new Map<string, number>();
  for (const name of [...model.nodes.flatMap(({ inputs }) => inputs), ...model.outputs.map((output) => output.name)]) {
    readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  /** By their result, or by that of the product that they were. */
  const nodes = new Map(model.nodes.map((node) => [node.outputs[0], node]));
  for (const node of model.nodes) {
    if (node.type !== 'Add') continue;
    const slot = node.inputs.findIndex((name, i) => {
      const product = nodes.get(name);
      const fits = product !== undefined && bare(product) && readers.get(name) === 1;
      return fits && t.dims(name).join() === t.dims(node.inputs[1 - i]).join();
    });
    if (slot < 0) continue;
    const name = node.inputs[slot];
    const product = nodes.get(name)!;
    nodes.delete(node.outputs[0]);
    nodes.set(name, { ...product, inputs: [...product.inputs, node.inputs[1 - slot]], outputs: node.outputs });
  }
  return { ...model, nodes: ordered([...nodes.values()]) };
}

/** A product to which something can be added. */
function bare({ type, inputs, attributes }: OnnxNode): boolean {
  return type === 'Gemm' && inputs.length === 2 && !attributes.has('beta');
}

/** The nodes in their order, but each after those that it reads. */
function ordered(nodes: readonly OnnxNode[]): OnnxNode[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const out = new Set<OnnxNode>();
  const place = (node: OnnxNode): void => {
    if (out.has(node)) return;
    for (const name of node.inputs) {
      const maker = makers.get(name);
      if (maker) place(maker);
    }
    out.add(node);
  };
  for (const node of nodes) place(node);
  return [...out];
}
