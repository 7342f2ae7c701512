import type { DType } from './types.ts';

/** The typed array that holds elements of each type as numbers; a bool is 0 or 1 in a byte. */
export const TYPED_ARRAYS = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const satisfies Record<DType, unknown>;

/** Elements of a tensor of any type. */
export type ElementArray =
  | Float32Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint32Array
  | BigUint64Array;
