import {
  EssaimError,
  type OnnxModel,
  OPERATOR_NAMES,
  REWRITTEN_NAMES,
  type Rewrite,
  readOnnx,
  rewriteModel,
  writeOnnx,
} from '@essaim/protocol';

/** A network as far as it can be judged. */
export interface JudgedPart {
  readonly onnx: Uint8Array;
  readonly nodes: number;
  readonly of: number;
  /** Operators that no judge knows. */
  readonly missing: readonly string[];
  /** Nodes said in other operators. */
  readonly rewrites: readonly Rewrite[];
}

/** What is known of: judged, a constant, or rewritten. */
const KNOWN = new Set(['Constant', 'Range', 'ReduceProd', ...OPERATOR_NAMES, ...REWRITTEN_NAMES]);

/**
 * The nodes of a network that depend on no operator without a judge, rewritten where they have to be; what such operators
 * would read is an output.
 */
export function judgedPart(onnx: Uint8Array): JudgedPart {
  const model = readOnnx(onnx);
  const missing = [...new Set(model.nodes.map(({ type }) => type))].filter((type) => !KNOWN.has(type));
  const part = missing.length === 0 ? model : without(model, missing);
  try {
    const { model: rewritten, rewrites } = rewriteModel(part);
    const bytes = rewrites.length === 0 && missing.length === 0 ? onnx : writeOnnx(rewritten);
    return { onnx: bytes, nodes: part.nodes.length, of: model.nodes.length, missing, rewrites };
  } catch (error) {
    const operator = error instanceof EssaimError ? error.details?.operator : undefined;
    throw new Error(`${operator ?? 'the network'} cannot be judged: ${(error as Error).message}`, { cause: error });
  }
}

function without(model: OnnxModel, missing: readonly string[]): OnnxModel {
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
  return { ...model, nodes, outputs };
}
