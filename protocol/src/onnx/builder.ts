import type { DType } from '../program/types.ts';
import type { Attribute, ExternalPlace, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.ts';
import { writeOnnx } from './write.ts';

/** Attribute shorthand: integers, strings and integer lists as they are; floats and tensors named. */
export type AttributeInput =
  | number
  | bigint
  | string
  | readonly (number | bigint)[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: Omit<OnnxTensor, 'name'> };

export interface NodeOptions {
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  /** Names of the outputs; one, made up, by default. */
  readonly outputs?: readonly string[];
}

/** An attribute from its shorthand. */
export function attributeOf(value: AttributeInput): Attribute {
  if (typeof value === 'number' || typeof value === 'bigint') return { kind: 'int', value: BigInt(value) };
  if (typeof value === 'string') return { kind: 'string', value };
  if ('float' in value) return { kind: 'float', value: value.float };
  if ('floats' in value) return { kind: 'floats', value: value.floats };
  if ('tensor' in value) return { kind: 'tensor', value: { name: '', ...value.tensor } };
  return { kind: 'ints', value: value.map(BigInt) };
}

/** Builds an ONNX model node by node. Names are returned, so that calls nest. */
export class OnnxBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers: OnnxTensor[] = [];
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  readonly #metadata = new Map<string, string>();
  readonly #options: { opset: number; ir: number; name: string };
  #made = 0;

  constructor(options: { opset?: number; ir?: number; name?: string } = {}) {
    this.#options = { opset: 17, ir: 8, name: 'graph', ...options };
  }

  /** A graph input; with a range, its elements' declared bounds and step. */
  input(
    name: string,
    dtype: DType,
    dims: readonly (number | string)[],
    range?: { low: number; high: number; step: number },
  ): string {
    this.#inputs.push({ name, dtype, dims });
    if (range) this.metadata(`essaim.range.${name}`, `${range.low} ${range.high} ${range.step}`);
    return name;
  }

  output(name: string, dtype?: DType, dims?: readonly (number | string)[]): string {
    this.#outputs.push({ name, dtype, dims });
    return name;
  }

  /** A weight; `data` is copied, whatever kind of typed array it is. */
  initializer(name: string, dtype: DType, dims: readonly number[], data: ArrayBufferView): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#initializers.push({ name, dtype, dims, bytes: new Uint8Array(bytes) });
    return name;
  }

  /** A weight whose bytes lie in a file beside the model. */
  external(name: string, dtype: DType, dims: readonly number[], external: ExternalPlace): string {
    this.#initializers.push({ name, dtype, dims, bytes: new Uint8Array(0), external });
    return name;
  }

  /** A weight of float32 or int64 numbers with a made-up name. */
  floats(dims: readonly number[], values: Iterable<number>): string {
    return this.initializer(`constant${this.#made++}`, 'float32', dims, Float32Array.from(values));
  }
  ints(dims: readonly number[], values: readonly (number | bigint)[]): string {
    return this.initializer(`constant${this.#made++}`, 'int64', dims, BigInt64Array.from(values.map(BigInt)));
  }

  /** Adds a node and returns the name of its first output. */
  node(type: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const outputs = options.outputs ?? [`${type}${this.#made++}`];
    const attributes = new Map(Object.entries(options.attributes ?? {}).map(([k, v]) => [k, attributeOf(v)] as const));
    this.#nodes.push({ name: options.name ?? '', type, inputs, outputs, attributes });
    return outputs[0];
  }

  metadata(key: string, value: string): this {
    this.#metadata.set(key, value);
    return this;
  }

  model(): OnnxModel {
    return {
      ...this.#options,
      metadata: new Map(this.#metadata),
      nodes: [...this.#nodes],
      initializers: [...this.#initializers],
      inputs: [...this.#inputs],
      outputs: [...this.#outputs],
    };
  }

  bytes(): Uint8Array {
    return writeOnnx(this.model());
  }
}
