import { uint, ZERO_HASH } from '../commitments/bytes.ts';
import { opcodeOf } from '../judges/opcode.ts';
import type { LoweredGraph, LoweredNode } from './graph.ts';
import { chooseLayouts, requiredLayouts } from './layouts.ts';
import type { Shape } from './operators/spec.ts';
import type { Operator, Ref, TensorType } from './types.ts';

/** Where a value comes from: a tensor of the ONNX graph by name, or another one in another layout. */
export type ValueSource = { readonly onnx: string } | { readonly relayoutOf: Ref };
export interface ProgramValue {
  readonly source: ValueSource;
  readonly type: TensorType;
}
export interface Emitted {
  readonly operators: Operator[];
  readonly values: ProgramValue[];
  /** Global value number of each ONNX tensor that a node makes. */
  readonly numbers: ReadonlyMap<string, number>;
}

const NONE: Ref = { kind: 'none', index: 0 };

/** Attribute words as int256. */
export function encodeWords(words: readonly (number | bigint)[]): Uint8Array {
  const out = new Uint8Array(32 * words.length);
  words.forEach((word, i) => {
    out.set(uint(BigInt.asUintN(256, BigInt(word)), 32), 32 * i);
  });
  return out;
}

/** Attribute words of an operator, as they were encoded. */
export const decodeWords = (attributes: Uint8Array): bigint[] =>
  Array.from({ length: attributes.length / 32 }, (_, i) =>
    attributes.subarray(32 * i, 32 * i + 32).reduce((n, byte) => (n << 8n) | BigInt(byte), 0n),
  ).map((word) => BigInt.asIntN(256, word));

type Pending = Pick<Operator, 'name' | 'since' | 'opcode' | 'attributes' | 'inputs' | 'inputTypes' | 'node'>;

/** Numbers weights and values, inserts relayouts, and makes operators; their judges are named and their segments cut later. */
export function emit(graph: LoweredGraph): Emitted {
  let weights = 0;
  const required = requiredLayouts(graph);
  const chosen = chooseLayouts(graph, required);
  const operators: Operator[] = [];
  const values: ProgramValue[] = [];
  const numbers = new Map<string, number>();
  const places = new Map<string, { ref: Ref; type: TensorType }>();
  const typeOf = ({ dtype, dims }: Shape, layout: number): TensorType => ({ dtype, layout, dims: [...dims] });

  function push(op: Pending, value: ProgramValue): Ref {
    const number = values.push(value) - 1;
    operators.push({
      ...op,
      judge: ZERO_HASH,
      firstValue: number,
      segment: 0,
      boundary: 1,
      outputTypes: [value.type],
    });
    return { kind: 'value', index: number };
  }

  /** Makes a tensor known in its own layout and in every other one that is required. */
  function place(name: string, ref: Ref, type: TensorType): void {
    places.set(`${type.layout}/${name}`, { ref, type });
    places.set(name, { ref, type });
    for (const layout of required.get(name) ?? []) {
      if (layout === type.layout) continue;
      const relaid = { ...type, layout };
      const source = { relayoutOf: ref };
      const op = { name: 'Relayout', since: 1, opcode: opcodeOf('Relayout', 1), attributes: new Uint8Array(0) };
      const copy = push({ ...op, inputs: [ref], inputTypes: [type], node: name }, { source, type: relaid });
      places.set(`${layout}/${name}`, { ref: copy, type: relaid });
    }
  }

  /** Numbered as `weightsOf` lists them. */
  function weight(name: string, layout: number) {
    const key = `${layout}/${name}`;
    const known = places.get(key);
    if (known) return known;
    const type = typeOf(graph.constants.get(name)!, layout);
    const placed = { ref: { kind: 'weight', index: weights++ } as Ref, type };
    places.set(key, placed);
    return placed;
  }

  function emitNode(node: LoweredNode): void {
    const operands = node.operands.map((name, slot) => {
      const layout = node.layouts[slot];
      if (name === '') return null;
      if (graph.constants.has(name)) return weight(name, layout ?? 0);
      return places.get(layout === undefined ? name : `${layout}/${name}`)!;
    });
    const type = typeOf(node.shape, chosen.get(node.result)!);
    const op: Pending = {
      name: node.type,
      since: node.since,
      opcode: opcodeOf(node.type, node.since),
      attributes: encodeWords(node.attributes),
      inputs: operands.map((operand) => operand?.ref ?? NONE),
      inputTypes: operands.map((operand) => operand?.type ?? null),
      node: node.label,
    };
    const ref = push(op, { source: { onnx: node.result }, type });
    numbers.set(node.result, ref.index);
    place(node.result, ref, type);
  }

  graph.inputs.forEach(({ name, shape }, index) => {
    place(name, { kind: 'input', index }, typeOf(shape, 0));
  });
  for (const node of graph.nodes) emitNode(node);
  return { operators, values, numbers };
}
