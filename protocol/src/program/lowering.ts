import { checkType } from '../commitments/type.ts';
import { EssaimError } from '../errors.ts';
import { nodeLabel, type OnnxModel, type OnnxNode, type OnnxTensor } from '../onnx/model.ts';
import { constantOf } from './constant.ts';
import { NodeView, type Scope } from './node-view.ts';
import { GREATEST_OPSET, LEAST_OPSET, OPERATOR_NAMES, resolve, resolveFolding } from './operators/index.ts';
import { foldShapes } from './operators/shape-arithmetic.ts';
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

/** A model while its nodes are lowered one after another: what is known of every name so far. */
export class Lowering {
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly constants: Map<string, OnnxTensor>;
  readonly shapes = new Map<string, Shape>();
  readonly #opset: number;
  readonly #outputs: ReadonlySet<string>;
  readonly #scope: Scope;

  /** Throws if the operator set is none that is read, or an input has no fixed shape. */
  constructor(model: OnnxModel) {
    if (model.opset < LEAST_OPSET || model.opset > GREATEST_OPSET) {
      throw new EssaimError('ONNX_UNSUPPORTED_OPSET', `operator set ${model.opset}`, {
        help: `Export with an operator set from ${LEAST_OPSET} to ${GREATEST_OPSET}.`,
        details: { opset: model.opset },
      });
    }
    this.#opset = model.opset;
    this.#outputs = new Set(model.outputs.map(({ name }) => name));
    this.constants = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
    for (const { name, dtype, dims } of model.initializers) this.shapes.set(name, { dtype, dims });
    this.inputs = model.inputs
      .filter(({ name }) => !this.constants.has(name))
      .map((input) => ({ name: input.name, shape: inputShape(input) }));
    for (const { name, shape } of this.inputs) this.shapes.set(name, shape);
    this.#scope = { shapeOf: (name) => this.shapes.get(name), constantOf: (name) => this.constants.get(name) };
  }

  /** Makes a constant known. */
  define(tensor: OnnxTensor): void {
    this.constants.set(tensor.name, tensor);
    this.shapes.set(tensor.name, { dtype: tensor.dtype, dims: tensor.dims });
  }

  /** Lowers the next node, number `index`; none comes of one that becomes a constant. Throws naming the node at fault. */
  add(node: OnnxNode, index: number): LoweredNode[] {
    const label = nodeLabel(node, index);
    const constant = node.type === 'Constant' ? constantOf(node, label) : this.#fold(node, label);
    if (constant) {
      this.define(constant);
      return [];
    }
    const lowered = lowerNode(node, label, this.#opset, this.#scope);
    for (const { result, shape } of lowered) this.shapes.set(result, shape);
    return lowered;
  }

  /** A node as its rewriting may look at it; it is checked only when it is added. */
  view(node: OnnxNode, index: number): NodeView {
    return new NodeView(node, nodeLabel(node, index), this.#opset, this.#scope);
  }

  /** The constant that a node becomes, if it is one that follows from shapes and constants. */
  #fold(node: OnnxNode, label: string): OnnxTensor | undefined {
    const found = resolveFolding(node.type, this.#opset);
    if (!found && (node.outputs.some((name) => this.#outputs.has(name)) || !node.outputs[0])) return undefined;
    const view = viewOf(node, label, found?.since ?? this.#opset, this.#scope);
    const folded = found ? found.spec.fold(view) : foldShapes(view);
    if (!folded) return undefined;
    const tensor = { ...folded, name: node.outputs[0] };
    checkSize(tensor, `node ${label} (${node.type}): its result`);
    if (found) view.finish();
    return tensor;
  }
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
      help: `Rewrite the node with judged operators, by rewriteModel where it knows how: ${OPERATOR_NAMES.join(', ')}.`,
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
