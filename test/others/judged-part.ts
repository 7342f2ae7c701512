import { type OnnxModel, OPERATOR_NAMES, readOnnx, writeOnnx } from '@essaim/protocol';

/** A network as far as it can be judged. */
export interface JudgedPart {
  readonly onnx: Uint8Array;
  readonly nodes: number;
  readonly of: number;
  /** Operators that no judge knows. */
  readonly missing: readonly string[];
}

/** The nodes of a network that depend on no operator without a judge; what such operators would read is an output. */
export function judgedPart(onnx: Uint8Array): JudgedPart {
  const model = readOnnx(onnx);
  const missing = [...new Set(model.nodes.map(({ type }) => type))].filter(
    (type) => type !== 'Constant' && !OPERATOR_NAMES.includes(type),
  );
  if (missing.length === 0) return { onnx, nodes: model.nodes.length, of: model.nodes.length, missing };
  const lost = new Set<string>();
  const nodes: OnnxModel['nodes'][number][] = [];
  for (const node of model.nodes) {
    if (missing.includes(node.type) || node.inputs.some((name) => lost.has(name))) {
      for (const name of node.outputs) lost.add(name);
    } else nodes.push(node);
  }
  const made = nodes.filter(({ type }) => type !== 'Constant').flatMap(({ outputs }) => outputs);
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const outputs = made.filter((name) => !read.has(name)).map((name) => ({ name }));
  const part = writeOnnx({ ...model, nodes, outputs });
  return { onnx: part, nodes: nodes.length, of: model.nodes.length, missing };
}
