import { byteLength, DTYPES, type ExternalData, type Program, readOnnx, writeOnnx } from '@essaim/protocol';

/** One number inside one tensor, and by how much it is wrong. */
export interface Lie {
  /** ONNX name of a float32 tensor inside the graph. */
  tensor: string;
  /** Row-major element. */
  element: number;
  delta: number;
}

/**
 * The same model with one number changed as it runs: every later value is computed from the changed one, so the trace
 * is consistent but for that one element. Nobody sees it in the answer's form, only by recomputing.
 */
export function tamper(onnx: Uint8Array, program: Program, lie: Lie, external?: ExternalData): Uint8Array {
  const model = readOnnx(onnx, external);
  const value = program.values.find(({ source }) => 'onnx' in source && source.onnx === lie.tensor);
  const at = model.nodes.findIndex(({ outputs }) => outputs.includes(lie.tensor));
  if (!value || at < 0 || value.type.dtype !== 'float32')
    throw new Error(`no float32 value ${lie.tensor} in this model`);
  const noise = new Float32Array(byteLength(value.type) / DTYPES.float32.size);
  noise[lie.element] = lie.delta;
  const honest = `${lie.tensor}/honest`;
  const nodes = [...model.nodes];
  nodes[at] = { ...nodes[at], outputs: nodes[at].outputs.map((name) => (name === lie.tensor ? honest : name)) };
  nodes.splice(at + 1, 0, {
    name: 'lie',
    type: 'Add',
    inputs: [honest, 'lie/delta'],
    outputs: [lie.tensor],
    attributes: new Map(),
  });
  const delta = {
    name: 'lie/delta',
    dtype: 'float32' as const,
    dims: value.type.dims,
    bytes: new Uint8Array(noise.buffer),
  };
  return writeOnnx({ ...model, nodes, initializers: [...model.initializers, delta] });
}
