import { DTYPES, type DType, type InputRange, type TensorType } from '../program/types.ts';
import { Cursor, concat, fromHex, type Hash, toHex, uint } from './bytes.ts';
import { tagged } from './tags.ts';
import { decodeType, encodeType } from './type.ts';

/** A run of consecutive operators and the values they make. */
export interface Segment {
  readonly firstOp: number;
  readonly opCount: number;
  readonly firstValue: number;
  readonly valueCount: number;
}
export const encodeSegment = (s: Segment): Uint8Array =>
  concat([uint(s.firstOp, 4), uint(s.opCount, 4), uint(s.firstValue, 4), uint(s.valueCount, 4)]);
export const segmentLeaf = (s: Segment): Hash => tagged('segment', encodeSegment(s));

const INTEGER_LIMITS: Partial<Record<DType, readonly [bigint, bigint]>> = {
  bool: [0n, 1n],
  ...Object.fromEntries([1, 2, 4, 8].map((n) => [`uint${8 * n}`, [0n, (1n << BigInt(8 * n)) - 1n]])),
  ...Object.fromEntries(
    [1, 2, 4, 8].map((n) => [`int${8 * n}`, [-(1n << BigInt(8 * n - 1)), (1n << BigInt(8 * n - 1)) - 1n]]),
  ),
};

/** Least and greatest element of an integer type, or -Infinity and Infinity. */
export function limitsOf(dtype: DType): { low: number; high: number } {
  const limits = INTEGER_LIMITS[dtype];
  return limits ? { low: Number(limits[0]), high: Number(limits[1]) } : { low: -Infinity, high: Infinity };
}

/** An element's bytes read as a little-endian integer; integers are clamped to the type's limits. */
export function elementBits(dtype: DType, value: number): bigint {
  const limits = INTEGER_LIMITS[dtype];
  if (!limits) return BigInt(new Uint32Array(Float32Array.of(value).buffer)[0]);
  const [low, high] = limits;
  const integer = value === Infinity ? high : value === -Infinity ? low : BigInt(Math.trunc(value));
  const clamped = integer < low ? low : integer > high ? high : integer;
  return BigInt.asUintN(8 * DTYPES[dtype].size, clamped);
}

/** The value of an element given as its bits; 64-bit integers beyond 2^53 are rounded. */
export function elementValue(dtype: DType, bits: bigint): number {
  if (dtype === 'float32') return new Float32Array(Uint32Array.of(Number(bits)).buffer)[0];
  return Number(dtype.startsWith('int') ? BigInt.asIntN(8 * DTYPES[dtype].size, bits) : bits);
}

/** Inputs with their ranges, and the values that are outputs; all row-major. */
export interface Interface {
  readonly inputs: readonly { readonly type: TensorType; readonly range: InputRange }[];
  readonly outputs: readonly number[];
}

/** `nIn u8 ‖ nIn×(type ‖ low u64 ‖ high u64 ‖ step u64) ‖ nOut u8 ‖ nOut×(value u32)`. */
export function encodeInterface({ inputs, outputs }: Interface): Uint8Array {
  return concat([
    uint(inputs.length, 1),
    ...inputs.flatMap(({ type, range }) => [
      encodeType(type),
      uint(elementBits(type.dtype, range.low), 8),
      uint(elementBits(type.dtype, range.high), 8),
      uint(elementBits(type.dtype, range.step), 8),
    ]),
    uint(outputs.length, 1),
    ...outputs.map((value) => uint(value, 4)),
  ]);
}

/** Reads interface bytes. */
export function decodeInterface(bytes: Uint8Array): Interface {
  const cursor = new Cursor(bytes);
  const inputs = Array.from({ length: cursor.uint(1) }, () => {
    const type = decodeType(cursor);
    const [low, high, step] = [0, 0, 0].map(() => elementValue(type.dtype, BigInt(toHex(cursor.take(8)))));
    return { type, range: { low, high, step } };
  });
  const outputs = Array.from({ length: cursor.uint(1) }, () => cursor.uint(4));
  cursor.end();
  return { inputs, outputs };
}

export const interfaceHash = (bytes: Uint8Array): Hash => tagged('interface', bytes);

/** What a programId commits to. */
export interface ProgramHeader {
  readonly compilerVersion: number;
  readonly opsRoot: Hash;
  readonly opCount: number;
  readonly valueCount: number;
  readonly weightsRoot: Hash;
  readonly weightCount: number;
  readonly inputCount: number;
  readonly segmentsRoot: Hash;
  readonly segmentCount: number;
  readonly interfaceHash: Hash;
  readonly numerics: number;
}
export const HEADER_BYTES = 156;

export function encodeHeader(h: ProgramHeader): Uint8Array {
  return concat([
    uint(h.compilerVersion, 4),
    fromHex(h.opsRoot, 32),
    uint(h.opCount, 4),
    uint(h.valueCount, 4),
    fromHex(h.weightsRoot, 32),
    uint(h.weightCount, 4),
    uint(h.inputCount, 4),
    fromHex(h.segmentsRoot, 32),
    uint(h.segmentCount, 4),
    fromHex(h.interfaceHash, 32),
    uint(h.numerics, 4),
  ]);
}

/** Reads a 156-byte header. */
export function decodeHeader(bytes: Uint8Array): ProgramHeader {
  const cursor = new Cursor(bytes);
  const header = {
    compilerVersion: cursor.uint(4),
    opsRoot: cursor.hash(),
    opCount: cursor.uint(4),
    valueCount: cursor.uint(4),
    weightsRoot: cursor.hash(),
    weightCount: cursor.uint(4),
    inputCount: cursor.uint(4),
    segmentsRoot: cursor.hash(),
    segmentCount: cursor.uint(4),
    interfaceHash: cursor.hash(),
    numerics: cursor.uint(4),
  };
  cursor.end();
  return header;
}

export const programId = (header: ProgramHeader): Hash => tagged('program', encodeHeader(header));
