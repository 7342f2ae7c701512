/** ONNX element types that tensors of a program may have, with their protobuf codes and sizes in bytes. */
export const DTYPES = {
  float32: { code: 1, size: 4 },
  uint8: { code: 2, size: 1 },
  int8: { code: 3, size: 1 },
  uint16: { code: 4, size: 2 },
  int16: { code: 5, size: 2 },
  int32: { code: 6, size: 4 },
  int64: { code: 7, size: 8 },
  bool: { code: 9, size: 1 },
  uint32: { code: 12, size: 4 },
  uint64: { code: 13, size: 8 },
} as const;
export type DType = keyof typeof DTYPES;

/**
 * The type of a committed tensor. `dims` are logical (ONNX) dimensions. `layout` says how elements lie in the bytes:
 * nibble i, least significant first, is the logical axis stored at physical place i; 0 is row-major, and row-major is
 * always written 0. Element indices are physical.
 */
export interface TensorType {
  readonly dtype: DType;
  readonly layout: number;
  readonly dims: readonly number[];
}

/** Where an operand comes from: absent, a program input, a weight, a boundary value, or an inner value of the same segment. */
export type RefKind = 'none' | 'input' | 'weight' | 'value' | 'inner';
export const REF_KINDS: readonly RefKind[] = ['none', 'input', 'weight', 'value', 'inner'];
export interface Ref {
  readonly kind: RefKind;
  /** Input or weight number, or the value's global number. */
  readonly index: number;
}

/** One operator of a compiled program: what its leaf commits to. */
export interface Operator {
  /** ONNX operator type, or `Relayout`. */
  readonly name: string;
  /** The ONNX operator version in force (1 for `Relayout`). */
  readonly since: number;
  /** keccak256 of `ai.onnx/<name>/<since>` (`essaim/Relayout/1`), 0x hex. */
  readonly opcode: string;
  /** Code hash of the judge, 0x hex. */
  readonly judge: string;
  /** Canonical ABI encoding: a sequence of int256 words, see docs/operators.md. */
  readonly attributes: Uint8Array;
  /** Global number of the first output. */
  readonly firstValue: number;
  readonly segment: number;
  /** Bit i set: output i is a boundary value. */
  readonly boundary: number;
  readonly inputs: readonly Ref[];
  /** One for each input; for an absent operand `null`. */
  readonly inputTypes: readonly (TensorType | null)[];
  readonly outputTypes: readonly TensorType[];
  /** Name of the ONNX node it came from, for messages. */
  readonly node: string;
}

/** Declared range of an input: every element x has low <= x <= high and is a multiple of step (0: any). */
export interface InputRange {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

export const elementCount = (type: TensorType): number => type.dims.reduce((a, b) => a * b, 1);
export const byteLength = (type: TensorType): number => elementCount(type) * DTYPES[type.dtype].size;
