import type { ByteSource } from '../commitments/byte-source.ts';
import type { DType } from '../program/types.ts';

/** Where a tensor's bytes lie outside the model: a path relative to the model's folder, and bytes. */
export interface ExternalPlace {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** A tensor of the model: raw little-endian, row-major bytes (a view into the file where it can be). */
export interface OnnxTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
  /** Of external data: read when it is asked for. */
  readonly bytes: Uint8Array;
  /** The same bytes in parts, and where they lie, if that is outside the model. */
  readonly source?: ByteSource;
  readonly external?: ExternalPlace;
}

export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly bigint[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] };

export interface OnnxNode {
  readonly name: string;
  readonly type: string;
  /** Value names; an empty name is an absent optional operand. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** A declared input or output; a dimension is a number, or the name of an unknown one (possibly empty). */
export interface OnnxValue {
  readonly name: string;
  readonly dtype?: DType;
  readonly dims?: readonly (number | string)[];
}

/** A parsed model: exactly what has a meaning for execution, so that model → bytes → model is the same model. */
export interface OnnxModel {
  readonly ir: number;
  /** Version of the `ai.onnx` operator set. */
  readonly opset: number;
  readonly metadata: ReadonlyMap<string, string>;
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** What messages call a node: its name, or its type and position. */
export const nodeLabel = (node: { name: string; type: string }, index: number): string =>
  node.name || `${node.type}#${index}`;
