import { checkType } from '../commitments/type.ts';
import { EssaimError } from '../errors.ts';
import { nodeLabel, type OnnxModel, type OnnxNode, type OnnxTensor } from '../onnx/model.ts';
import { NodeView, type Scope } from './node-view.ts';
import { GREATEST_OPSET, LEAST_OPSET, OPERATOR_NAMES, resolve, resolveFolding } from './operators/index.ts';
import type { Shape } from './operators/spec.ts';

/** A node as it becomes an operator: operands by name (empty: absent), result shape, layouts that its judge requires. */
export interface LoweredNode {
  readonly label: string;
  readonly type: string;
  readonly since: number;
  readonly operands: readonly string[];
  readonly attributes: readonly (number | bigint)[];
  readonly result: string;
  readonly shape: Shape;
  readonly layouts: readonly (number | undefined)[];
}

/** The model in terms of operators: every shape known, constants apart. */
export interface LoweredGraph {
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly outputs: readonly string[];
  readonly nodes: readonly LoweredNode[];
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** The tensor of a Constant node. */
function constantOf(node: OnnxNode, label: string): OnnxTensor {
  const [name] = node.outputs;
  const make = (dtype: 'float32' | 'int64', dims: number[], data: Float32Array | BigInt64Array): OnnxTensor => ({
    name,
    dtype,
    dims,
    bytes: new Uint8Array(data.buffer),
  });
  const [[key, attribute] = ['', undefined], ...more] = node.attributes;
  const { kind, value } = attribute ?? { kind: undefined, value: undefined };
  if (more.length === 0) {
    if (key === 'value' && kind === 'tensor') return { ...value, name };
    if (key === 'value_float' && kind === 'float') return make('float32', [], Float32Array.of(value));
    if (key === 'value_int' && kind === 'int') return make('int64', [], BigInt64Array.of(value));
    if (key === 'value_floats' && kind === 'floats') return make('float32', [value.length], Float32Array.from(value));
    if (key === 'value_ints' && kind === 'ints') return make('int64', [value.length], BigInt64Array.from(value));
  }
  throw new EssaimError('ONNX_UNSUPPORTED_ATTRIBUTE', `node ${label} (Constant): ${key || 'no value'}`, {
    help: 'A Constant holds one number, list of numbers or dense tensor.',
    details: { node: label },
  });
}

function inputShape(input: OnnxModel['inputs'][number]): Shape {
  const { name, dtype, dims } = input;
  if (!dtype) {
    throw new EssaimError('ONNX_MALFORMED', `input ${name} has no type`, { help: 'Declare its type and shape.' });
  }
  const free = dims?.findIndex((d) => typeof d === 'string');
  if (!dims || free !== -1) {
    throw new EssaimError('ONNX_DYNAMIC_SHAPE', `input ${name}: ${dims ? `dimension ${free} is free` : 'no shape'}`, {
      help: 'Fix every dimension of the inputs before compiling; one program has one shape.',
      details: { input: name, dims },
    });
  }
  const shape = { dtype, dims: dims as number[] };
  checkSize(shape, `input ${name}`);
  return shape;
}

function checkSize(shape: Shape, what: string): void {
  try {
    checkType({ ...shape, layout: 0 });
  } catch (cause) {
    throw new EssaimError('ONNX_TENSOR_TOO_LARGE', `${what} is ${shape.dtype}[${shape.dims}]`, {
      help: 'A tensor has at most 8 dimensions and less than 4 GiB.',
      cause,
    });
  }
}

/** Lowers every node of a model, in order. Throws an EssaimError that names the node at fault. */
export function lower(model: OnnxModel): LoweredGraph {
  if (model.opset < LEAST_OPSET || model.opset > GREATEST_OPSET) {
    throw new EssaimError('ONNX_UNSUPPORTED_OPSET', `operator set ${model.opset}`, {
      help: `Export with an operator set from ${LEAST_OPSET} to ${GREATEST_OPSET}.`,
      details: { opset: model.opset },
    });
  }
  const constants = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const shapes = new Map<string, Shape>();
  for (const { name, dtype, dims } of model.initializers) shapes.set(name, { dtype, dims });
  const inputs = model.inputs
    .filter(({ name }) => !constants.has(name))
    .map((input) => ({ name: input.name, shape: inputShape(input) }));
  for (const { name, shape } of inputs) shapes.set(name, shape);
  const scope: Scope = { shapeOf: (name) => shapes.get(name), constantOf: (name) => constants.get(name) };

  const nodes: LoweredNode[] = [];
  for (const [index, node] of model.nodes.entries()) {
    const label = nodeLabel(node, index);
    if (node.type === 'Constant') {
      const tensor = constantOf(node, label);
      constants.set(tensor.name, tensor);
      shapes.set(tensor.name, { dtype: tensor.dtype, dims: tensor.dims });
      continue;
    }
    const folded = foldNode(node, label, model.opset, scope);
    if (folded) {
      constants.set(folded.name, folded);
      shapes.set(folded.name, { dtype: folded.dtype, dims: folded.dims });
      continue;
    }
    for (const lowered of lowerNode(node, label, model.opset, scope)) {
      shapes.set(lowered.result, lowered.shape);
      nodes.push(lowered);
    }
  }
  const outputs = model.outputs.map(({ name }) => name);
  checkOutputs(model, nodes, shapes);
  return { inputs, outputs, nodes, constants, shapes };
}

/** The constant that a node becomes, if it is one that follows from shapes and constants. */
function foldNode(node: OnnxNode, label: string, opset: number, scope: Scope): OnnxTensor | undefined {
  const found = resolveFolding(node.type, opset);
  if (!found) return undefined;
  const view = viewOf(node, label, found.since, scope);
  const tensor = { ...found.spec.fold(view), name: node.outputs[0] };
  checkSize(tensor, `node ${label} (${node.type}): its result`);
  view.finish();
  return tensor;
}

function viewOf(node: OnnxNode, label: string, since: number, scope: Scope): NodeView {
  const view = new NodeView(node, label, since, scope);
  for (const name of node.inputs) {
    if (name !== '' && !scope.shapeOf(name)) throw view.malformed(`reads ${name}, which nothing before it makes`);
  }
  if (!node.outputs[0]) throw view.error('ONNX_UNSUPPORTED_OPERATOR', 'has no first output', 'Use its first output.');
  return view;
}

function lowerNode(node: OnnxNode, label: string, opset: number, scope: Scope): LoweredNode[] {
  const found = resolve(node.type, opset);
  if (!found) {
    const code = ['If', 'Loop', 'Scan'].includes(node.type) ? 'ONNX_CONTROL_FLOW' : 'ONNX_UNSUPPORTED_OPERATOR';
    throw new EssaimError(code, `node ${label}: no judge for ${node.type} of operator set ${opset}`, {
      help: `Rewrite the node with judged operators: ${OPERATOR_NAMES.join(', ')}.`,
      details: { node: label, operator: node.type, opset },
    });
  }
  const view = viewOf(node, label, found.since, scope);
  const lowered = [found.spec.lower(view)].flat();
  const made = new Set(lowered.map(({ result = 0 }) => result));
  const unmade = node.outputs.findIndex((name, i) => name !== '' && !made.has(i));
  if (unmade >= 0) {
    throw view.error('ONNX_UNSUPPORTED_OPERATOR', `its output ${unmade} is not judged`, 'Leave that output out.');
  }
  view.finish();
  return lowered.flatMap(({ as, operands, attributes, output, layouts = [], result = 0 }) => {
    checkSize(output, `node ${label} (${node.type}): its result`);
    const name = node.outputs[result] ?? '';
    if (name === '') return [];
    return {
      label,
      type: as?.name ?? node.type,
      since: as?.since ?? found.since,
      operands: operands.map((i) => (typeof i === 'number' ? node.inputs[i] : node.outputs[i.output])),
      attributes,
      result: name,
      shape: output,
      layouts,
    };
  });
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
