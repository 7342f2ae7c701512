import type { AttributeInput } from '../onnx/builder.ts';
import { attributeOf } from '../onnx/builder.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx/model.ts';
import { lower } from '../program/graph.ts';
import { NodeView, type Scope } from '../program/node-view.ts';
import { resolve } from '../program/operators/index.ts';
import type { Lowered, Shape } from '../program/operators/spec.ts';
import type { DType } from '../program/types.ts';

/** A graph that grows node by node; the compiler's own lowering tells the shape of each result and refuses bad nodes. */
export class Tape {
  readonly nodes: OnnxNode[];
  readonly opset: number;
  /** Constants made here, beside the model's own. */
  readonly made: OnnxTensor[] = [];
  /** What the next nodes are for; their names begin with it. */
  scope = '';
  readonly #shapes: Map<string, Shape>;
  readonly #constants: Map<string, OnnxTensor>;
  /** Names of constants and results by what they are made of. */
  readonly #known = new Map<string, string>();
  /** What the results of reshapes made here were before. */
  readonly #reshaped = new Map<string, string>();
  #count = 0;

  /** Begins with the nodes of `model`, whose shapes are fixed. Throws what the compiler throws. */
  constructor(model: OnnxModel) {
    const graph = model.nodes.length > 0 ? lower(model) : { shapes: new Map(), constants: new Map() };
    this.opset = model.opset;
    this.nodes = [...model.nodes];
    this.#shapes = new Map(graph.shapes);
    this.#constants = new Map(graph.constants);
  }

  /** Declares an input; its name is changed where it is taken. */
  input(wish: string, dtype: DType, dims: readonly number[]): string {
    const name = this.free(wish);
    this.#shapes.set(name, { dtype, dims });
    return name;
  }

  /** The name, or with primes where a value has it already. */
  free(name: string): string {
    return this.#shapes.has(name) ? this.free(`${name}'`) : name;
  }

  shape(name: string): Shape {
    return this.#shapes.get(name)!;
  }
  dims(name: string): readonly number[] {
    return this.shape(name).dims;
  }
  constant(name: string): OnnxTensor | undefined {
    return this.#constants.get(name);
  }
  isConstant(name: string): boolean {
    return this.#constants.has(name);
  }
  isFloat(name: string): boolean {
    return this.#shapes.get(name)?.dtype === 'float32';
  }

  /** A node as the compiler sees it, with its operators; undefined where it becomes a constant. */
  view(node: OnnxNode, label: string): { view: NodeView; lowered: readonly Lowered[] } | undefined {
    const found = resolve(node.type, this.opset);
    if (!found) return undefined;
    const scope: Scope = { shapeOf: (name) => this.#shapes.get(name), constantOf: (name) => this.#constants.get(name) };
    const view = new NodeView(node, label, found.since, scope);
    return { view, lowered: [found.spec.lower(view)].flat() };
  }

  /**
   * Adds a node and gives the name of its result, `output` or a made-up one; without `output`, a node that was added
   * before with the same operands and attributes does for both.
   */
  op(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeInput>> = {},
    wish?: string,
  ): string {
    const key = wish === undefined ? `${type}(${inputs.join()})${JSON.stringify(attributes)}` : '';
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const output = wish ?? this.#name(type);
    const node: OnnxNode = {
      name: this.scope ? `${this.scope}/${type}${this.nodes.length}` : output,
      type,
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)] as const)),
    };
    const { lowered } = this.view(node, node.name)!;
    this.nodes.push(node);
    this.#shapes.set(output, lowered[0].output);
    if (key) this.#known.set(key, output);
    if (type === 'Reshape') this.#reshaped.set(output, inputs[0]);
    return output;
  }

  /** The tensor of which a value was made by a Reshape here. */
  reshapedFrom(name: string): string | undefined {
    return this.#reshaped.get(name);
  }

  /** A float32 constant. */
  floats(dims: readonly number[], values: readonly number[] | Float32Array): string {
    return this.#constant('float32', dims, Float32Array.from(values));
  }
  scalar(value: number): string {
    return this.floats([], [value]);
  }
  /** A one-dimensional int64 constant. */
  ints(values: readonly number[]): string {
    return this.#constant('int64', [values.length], BigInt64Array.from(values, BigInt));
  }
  int(value: number): string {
    return this.#constant('int64', [], BigInt64Array.of(BigInt(value)));
  }

  #constant(dtype: DType, dims: readonly number[], data: Float32Array | BigInt64Array): string {
    const bytes = new Uint8Array(data.buffer);
    const key = `${dtype}[${dims}]=${bytes.length > 256 ? this.made.length : bytes}`;
    const known = this.#known.get(key);
    if (known) return known;
    const tensor: OnnxTensor = { name: this.#name('constant'), dtype, dims, bytes };
    this.made.push(tensor);
    this.#constants.set(tensor.name, tensor);
    this.#shapes.set(tensor.name, tensor);
    this.#known.set(key, tensor.name);
    return tensor.name;
  }

  #name(what: string): string {
    for (;;) {
      const name = `step.${what}${this.#count++}`;
      if (!this.#shapes.has(name)) return name;
    }
  }
}
