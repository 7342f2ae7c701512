import { EssaimError } from '../errors.ts';
import type { OnnxModel, OnnxTensor } from '../onnx/model.ts';
import { type LoweredNode, Lowering } from './lowering.ts';
import type { Shape } from './operators/spec.ts';

export type { LoweredNode } from './lowering.ts';

/** The model in terms of operators: every shape known, constants apart. */
export interface LoweredGraph {
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly outputs: readonly string[];
  readonly nodes: readonly LoweredNode[];
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** Lowers every node of a model, in order. Throws an EssaimError that names the node at fault. */
export function lower(model: OnnxModel): LoweredGraph {
  const lowering = new Lowering(model);
  const nodes = model.nodes.flatMap((node, index) => lowering.add(node, index));
  const outputs = model.outputs.map(({ name }) => name);
  const { inputs, constants, shapes } = lowering;
  checkOutputs(model, nodes, shapes);
  return { inputs, outputs, nodes, constants, shapes };
}

function checkOutputs(model: OnnxModel, nodes: readonly LoweredNode[], shapes: ReadonlyMap<string, Shape>): void {
  if (model.outputs.length === 0) {
    throw new EssaimError('ONNX_MALFORMED', 'the model has no output', { help: 'Name the results of the model.' });
  }
  const made = new Set(nodes.map((node) => node.result));
  for (const { name, dtype, dims } of model.outputs) {
    const shape = shapes.get(name);
    if (!shape || !made.has(name)) {
      throw new EssaimError('ONNX_MALFORMED', `output ${name} is not made by a judged node`, {
        help: 'Outputs are results of nodes; pass an input or a weight through Identity.',
        details: { output: name },
      });
    }
    const fits =
      (!dtype || dtype === shape.dtype) &&
      (!dims ||
        (dims.length === shape.dims.length && dims.every((d, i) => typeof d === 'string' || d === shape.dims[i])));
    if (!fits) {
      throw new EssaimError('ONNX_MALFORMED', `output ${name} is ${shape.dtype}[${shape.dims}], declared otherwise`, {
        help: `Declared: ${dtype}[${dims}]. Export the model again.`,
        details: { output: name },
      });
    }
  }
}
