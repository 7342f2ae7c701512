import { EssaimError } from '../errors.ts';
import { byteLength, DTYPES, type DType, type TensorType } from '../program/types.ts';
import { type Cursor, concat, uint } from './bytes.ts';

export const MAX_RANK = 8;
const BY_CODE = new Map<number, DType>((Object.keys(DTYPES) as DType[]).map((name) => [DTYPES[name].code, name]));

/** The element type with this ONNX code, if tensors of a program may have it. */
export const dtypeOf = (code: number): DType | undefined => BY_CODE.get(code);

/** The logical axis stored at each physical place. */
export function axesOf(type: Pick<TensorType, 'layout' | 'dims'>): number[] {
  if (type.layout === 0) return type.dims.map((_, i) => i);
  return type.dims.map((_, i) => (type.layout >>> (4 * i)) & 15);
}

/** Layout word of a permutation: `axes[i]` is the logical axis at physical place i. Row-major is 0. */
export function layoutOf(axes: readonly number[]): number {
  if (axes.every((axis, i) => axis === i)) return 0;
  return axes.reduce((word, axis, i) => word + axis * 16 ** i, 0);
}

function malformed(what: string): EssaimError {
  return new EssaimError('TYPE_MALFORMED', `tensor type: ${what}`, {
    help: 'A tensor has at most 8 dimensions below 2^32, at most 2^32 - 1 bytes, and a layout that permutes its axes.',
  });
}

/** Throws `TYPE_MALFORMED` unless the type can be committed to. */
export function checkType(type: TensorType): void {
  const { dims, layout } = type;
  if (!(type.dtype in DTYPES)) throw malformed(`element type ${type.dtype}`);
  if (dims.length > MAX_RANK) throw malformed(`rank ${dims.length}`);
  if (dims.some((d) => !Number.isInteger(d) || d < 0 || d > 0xffffffff)) throw malformed(`dimensions [${dims}]`);
  if (byteLength(type) > 0xffffffff) throw malformed(`${byteLength(type)} bytes`);
  if (layout !== 0) {
    const axes = axesOf(type);
    const permutes = new Set(axes).size === dims.length && axes.every((axis) => axis < dims.length);
    if (!permutes || layoutOf(axes) !== layout)
      throw malformed(`layout 0x${layout.toString(16)} of rank ${dims.length}`);
  }
}

const encoded = new WeakMap<TensorType, Uint8Array>();

/** `dtype u8 ‖ layout u32 ‖ rank u8 ‖ dims rank×u32`. A type is encoded once: programs hash many tensors of few types. */
export function encodeType(type: TensorType): Uint8Array {
  const known = encoded.get(type);
  if (known) return known;
  checkType(type);
  const bytes = concat([
    uint(DTYPES[type.dtype].code, 1),
    uint(type.layout, 4),
    uint(type.dims.length, 1),
    ...type.dims.map((d) => uint(d, 4)),
  ]);
  encoded.set(type, bytes);
  return bytes;
}

/** Reads a type and checks it. */
export function decodeType(cursor: Cursor): TensorType {
  const code = cursor.uint(1);
  const layout = cursor.uint(4);
  const rank = cursor.uint(1);
  const dtype = dtypeOf(code);
  if (!dtype) throw malformed(`element type code ${code}`);
  if (rank > MAX_RANK) throw malformed(`rank ${rank}`);
  const type = { dtype, layout, dims: Array.from({ length: rank }, () => cursor.uint(4)) };
  checkType(type);
  return type;
}

export const sameType = (a: TensorType, b: TensorType): boolean =>
  a.dtype === b.dtype &&
  a.layout === b.layout &&
  a.dims.length === b.dims.length &&
  a.dims.every((d, i) => d === b.dims[i]);
