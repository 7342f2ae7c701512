import { EssaimError, type OnnxNode, type OnnxValue, type Operator, type Program, writeOnnx } from '@essaim/protocol';
import { readModel } from './read-model.ts';

/** A model of one node, with the weights it has in the whole model: engines choose the same kernels for it. */
export interface SingleNode {
  readonly op: Operator;
  readonly onnx: Uint8Array;
  /** Names of the operands that are inputs, in the node's order. */
  readonly inputs: readonly string[];
  readonly output: string;
}

/**
 * A model for each operator of `program`, the compiled form of `onnx`; `null` for relayouts, which no engine runs. What
 * is external data in `folder` stays so.
 */
export function singleNodes(program: Program, onnx: Uint8Array, folder?: string): (SingleNode | null)[] {
  const model = readModel(onnx, folder);
  const makers = new Map(model.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const initializers = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const types = new Map<string, OnnxValue>();
  for (const { name, type } of program.inputs) types.set(name, { name, dtype: type.dtype, dims: type.dims });
  for (const { source, type } of program.values) {
    if ('onnx' in source) types.set(source.onnx, { name: source.onnx, dtype: type.dtype, dims: type.dims });
  }
  return program.operators.map((op) => {
    const { source } = program.values[op.firstValue];
    if (!('onnx' in source)) return null;
    const node = makers.get(source.onnx);
    if (!node) {
      throw new EssaimError('PROGRAM_NOT_OF_MODEL', `the model has no node that makes ${source.onnx}`, {
        help: 'Give the model that the program was compiled from.',
      });
    }
    const names = [...new Set(node.inputs.filter((name) => name !== ''))];
    const constants: OnnxNode[] = names.flatMap((name) => {
      const maker = makers.get(name);
      return maker?.type === 'Constant' ? [maker] : [];
    });
    const inputs = names.filter((name) => !initializers.has(name) && types.has(name));
    const single = {
      ...model,
      metadata: new Map<string, string>(),
      nodes: [...constants, node],
      initializers: names.flatMap((name) => initializers.get(name) ?? []),
      inputs: inputs.map((name) => types.get(name)!),
      outputs: [types.get(source.onnx)!],
    };
    return { op, onnx: writeOnnx(single), inputs, output: source.onnx };
  });
}
