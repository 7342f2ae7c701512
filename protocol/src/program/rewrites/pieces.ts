import { type AttributeInput, attributeOf } from '../../onnx/builder.ts';
import type { OnnxNode, OnnxTensor } from '../../onnx/model.ts';
import { sliced } from '../../onnx/split.ts';
import type { Shape } from '../operators/spec.ts';
import type { DType } from '../types.ts';

/** What takes the pieces that a node becomes, one after another, and knows the shape of what was made. */
export interface Sink {
  readonly opset: number;
  emit(node: OnnxNode): void;
  define(tensor: OnnxTensor): void;
  shapeOf(name: string): Shape;
  constantOf(name: string): OnnxTensor | undefined;
}

interface MakeOptions {
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  /** The name that the result has to have; one of its own by default. */
  readonly as?: string;
}

/** Makes the nodes that take the place of one. Names are returned, so that calls nest. */
export class Pieces {
  readonly #node: OnnxNode;
  readonly #sink: Sink;
  #made = 0;
  /** Whether the node's own attributes went on to a piece, which will be checked. */
  passed = false;

  constructor(node: OnnxNode, sink: Sink) {
    this.#node = node;
    this.#sink = sink;
  }

  /** Name of operand `index`; empty where it is absent. */
  input(index: number): string {
    return this.#node.inputs[index] ?? '';
  }
  /** Names of all operands. */
  get inputs(): readonly string[] {
    return this.#node.inputs;
  }
  /** Name of result `index`; empty where nobody asks for it. */
  output(index = 0): string {
    return this.#node.outputs[index] ?? '';
  }
  dims(name: string): readonly number[] {
    return this.#sink.shapeOf(name).dims;
  }
  dtype(name: string): DType {
    return this.#sink.shapeOf(name).dtype;
  }
  constantOf(name: string): OnnxTensor | undefined {
    return this.#sink.constantOf(name);
  }

  make(type: string, inputs: readonly string[], { attributes = {}, as }: MakeOptions = {}): string {
    const name = as || this.#fresh();
    const entries = Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)] as const);
    this.#sink.emit({ name, type, inputs, outputs: [name], attributes: new Map(entries) });
    return name;
  }

  /** The node itself with other operands, attributes or results. */
  again(changes: Partial<OnnxNode>): void {
    this.passed = true;
    const node = { ...this.#node, ...changes };
    // engines want every node's name to be its own
    this.#sink.emit({ ...node, name: node.outputs.find((name) => name !== '') ?? node.name });
  }
  get attributes(): OnnxNode['attributes'] {
    return this.#node.attributes;
  }

  constant(tensor: Omit<OnnxTensor, 'name'>): string {
    const name = this.#fresh();
    this.#sink.define({ ...tensor, name });
    return name;
  }
  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.constant({ dtype: 'int64', dims, bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) });
  }
  floats(values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.constant({ dtype: 'float32', dims, bytes: new Uint8Array(Float32Array.from(values).buffer) });
  }
  bools(values: readonly boolean[], dims: readonly number[]): string {
    return this.constant({ dtype: 'bool', dims, bytes: Uint8Array.from(values, Number) });
  }
  scalar(value: number): string {
    return this.floats([value], []);
  }

  /** The same elements in another shape; of a constant, a constant. */
  reshape(x: string, dims: readonly number[], as?: string): string {
    const tensor = this.constantOf(x);
    if (tensor && !as) return this.constant({ ...tensor, dims });
    return this.make('Reshape', [x, this.ints(dims)], { as });
  }
  transpose(x: string, perm: readonly number[], as?: string): string {
    return this.make('Transpose', [x], { attributes: { perm }, as });
  }
  /** Places `start` to `end` of one axis, every `step`-th; of a constant, a constant. */
  slice(x: string, axis: number, start: number, end: number, step = 1, as?: string): string {
    const tensor = this.constantOf(x);
    if (tensor && step === 1 && !as) return this.constant(sliced(tensor, axis, start, end));
    return this.make('Slice', [x, ...[start, end, axis, step].map((n) => this.ints([n]))], { as });
  }
  concat(parts: readonly string[], axis: number, as?: string): string {
    if (parts.length === 1 && !as) return parts[0];
    return this.make('Concat', parts, { attributes: { axis }, as });
  }
  /** A reduction over some axes, as the operator set writes it. */
  reduce(type: string, x: string, axes: readonly number[], keepdims: boolean, as?: string): string {
    const flag = keepdims ? 1 : 0;
    if (type === 'ReduceSum' || this.#sink.opset >= 18) {
      return this.make(type, [x, this.ints(axes)], { attributes: { keepdims: flag }, as });
    }
    return this.make(type, [x], { attributes: { axes, keepdims: flag }, as });
  }

  #fresh(): string {
    const own = this.#node.outputs.find((name) => name !== '') ?? this.#node.name;
    return `${own}~${this.#made++}`;
  }
}
