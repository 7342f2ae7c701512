import { EssaimError } from '../errors.ts';
import type { Attribute, OnnxNode, OnnxTensor } from '../onnx/model.ts';
import type { Shape } from './operators/spec.ts';
import { DTYPES } from './types.ts';

export interface Scope {
  shapeOf(name: string): Shape | undefined;
  constantOf(name: string): OnnxTensor | undefined;
}

/** A node while it is being lowered: its operands' shapes, its attributes, and errors that name it. */
export class NodeView {
  readonly label: string;
  readonly type: string;
  readonly since: number;
  readonly #node: OnnxNode;
  readonly #scope: Scope;
  readonly #unused: Set<string>;

  constructor(node: OnnxNode, label: string, since: number, scope: Scope) {
    this.#node = node;
    this.label = label;
    this.type = node.type;
    this.since = since;
    this.#scope = scope;
    this.#unused = new Set(node.attributes.keys());
  }

  error(code: string, why: string, help: string): EssaimError {
    return new EssaimError(code, `node ${this.label} (${this.type}): ${why}`, {
      help,
      details: { node: this.label, operator: this.type },
    });
  }

  malformed(why: string): EssaimError {
    return this.error('ONNX_MALFORMED', why, 'Check the node against the ONNX operator specification.');
  }

  unsupported(attribute: string, why: string): EssaimError {
    return this.error('ONNX_UNSUPPORTED_ATTRIBUTE', `${attribute} ${why}`, 'Export the node without it.');
  }

  /** Number of operands, absent ones at the end not counted. */
  get count(): number {
    return this.#node.inputs.findLastIndex((name) => name !== '') + 1;
  }

  has(index: number): boolean {
    return (this.#node.inputs[index] ?? '') !== '';
  }

  /** Number of outputs, unused ones at the end not counted. */
  get results(): number {
    return this.#node.outputs.findLastIndex((name) => name !== '') + 1;
  }

  /** Throws unless there are `least` to `most` operands, the first `least` present. */
  arity(least: number, most: number = least): void {
    const missing = Array.from({ length: least }, (_, i) => i).find((i) => !this.has(i));
    if (missing !== undefined) throw this.malformed(`operand ${missing} is missing`);
    if (this.count > most) throw this.malformed(`has ${this.count} operands, at most ${most} are allowed`);
  }

  /** Indices of all operands, for operators that keep every one. */
  all(): number[] {
    return Array.from({ length: this.count }, (_, i) => i);
  }

  shape(index: number): Shape {
    const shape = this.#scope.shapeOf(this.#node.inputs[index] ?? '');
    if (!shape) throw this.malformed(`operand ${index} is missing`);
    return shape;
  }

  constant(index: number): OnnxTensor | undefined {
    return this.#scope.constantOf(this.#node.inputs[index] ?? '');
  }

  /** The integers of a constant operand that shapes the result. */
  constantInts(index: number): number[] {
    const tensor = this.constant(index);
    if (!tensor) {
      throw this.error(
        'ONNX_DYNAMIC_SHAPE',
        `operand ${index} (${this.#node.inputs[index]}) shapes the result and is computed`,
        'Make it an initialiser: export with fixed shapes and constant folding.',
      );
    }
    if (tensor.dtype !== 'int64' && tensor.dtype !== 'int32')
      throw this.malformed(`operand ${index} is ${tensor.dtype}`);
    const { size } = DTYPES[tensor.dtype];
    const view = new DataView(tensor.bytes.buffer, tensor.bytes.byteOffset, tensor.bytes.length);
    return Array.from({ length: tensor.bytes.length / size }, (_, i) =>
      size === 8 ? Number(view.getBigInt64(8 * i, true)) : view.getInt32(4 * i, true),
    );
  }

  #attribute<K extends Attribute['kind']>(name: string, kind: K): Extract<Attribute, { kind: K }> | undefined {
    const attribute = this.#node.attributes.get(name);
    this.#unused.delete(name);
    if (attribute && attribute.kind !== kind) throw this.malformed(`${name} is of kind ${attribute.kind}, not ${kind}`);
    return attribute as Extract<Attribute, { kind: K }> | undefined;
  }
  int(name: string, fallback: number): number {
    const value = this.#attribute(name, 'int')?.value;
    return value === undefined ? fallback : Number(value);
  }
  ints(name: string): number[] | undefined {
    return this.#attribute(name, 'ints')?.value.map(Number);
  }
  float(name: string, fallback: number): number {
    return this.#attribute(name, 'float')?.value ?? fallback;
  }
  floats(name: string): readonly number[] | undefined {
    return this.#attribute(name, 'floats')?.value;
  }
  tensor(name: string): OnnxTensor | undefined {
    return this.#attribute(name, 'tensor')?.value;
  }
  text(name: string, fallback: string): string {
    return this.#attribute(name, 'string')?.value ?? fallback;
  }

  /** A non-negative axis of a tensor of `rank` dimensions. */
  axis(axis: number, rank: number): number {
    const positive = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(positive) || positive < 0 || positive >= rank)
      throw this.malformed(`axis ${axis} of ${rank}`);
    return positive;
  }

  /** Throws if an attribute was not looked at. */
  finish(): void {
    for (const name of this.#unused) throw this.unsupported(name, 'is unknown');
  }
}
