import { DTYPES, type DType, type Operator, type TensorType } from '../program/types.ts';
import type { Need, Permitted } from './judge.ts';

/** Whether `dtype` is an integer type; bool is not. */
export const isInteger = (dtype: DType): boolean => dtype !== 'float32' && dtype !== 'bool';
export const isSigned = (dtype: DType): boolean => dtype.startsWith('int');

/** A little-endian element as an integer, zero-extended. */
export function readElement(bytes: Uint8Array): bigint {
  let bits = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(bytes[i]);
  return bits;
}

/** The number that an integer or bool element stands for. */
export function numberOf(bits: bigint, dtype: DType): bigint {
  return isSigned(dtype) ? BigInt.asIntN(8 * DTYPES[dtype].size, bits) : bits;
}

/** The element of an integer or bool type that `value` wraps to. */
export function wrap(value: bigint, dtype: DType): bigint {
  return BigInt.asUintN(8 * DTYPES[dtype].size, value);
}

export const isNaNBits = (bits: bigint): boolean => (bits & 0x7fffffffn) > 0x7f800000n;

/** The number whose binary32 encoding is `bits`. */
export function floatOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number(bits));
  return view.getFloat32(0);
}

/** An element in words. */
export function show(bits: bigint, dtype: DType): string {
  if (dtype === 'bool') return bits === 0n ? 'false' : bits === 1n ? 'true' : `${bits}`;
  return dtype === 'float32' ? String(floatOf(bits)) : String(numberOf(bits, dtype));
}

/** The type of a present operand. */
export function inputType(op: Operator, slot: number): TensorType {
  const type = op.inputTypes[slot];
  if (!type) throw new RangeError(`operator ${op.node} has no operand ${slot}`);
  return type;
}

/** Part of a trial: asks for the element at physical `index` of operand `slot`. */
export function* element(op: Operator, slot: number, index: number): Generator<Need, bigint, Uint8Array> {
  const { size } = DTYPES[inputType(op, slot).dtype];
  return readElement(yield { slot, offset: index * size, length: size });
}

/** Zero width: nothing but `bits` is permitted. */
export function exactly(bits: bigint, dtype: DType): Permitted {
  return {
    verdict: (claimed) => (claimed === bits ? 'permitted' : 'convicted'),
    describe: () => `exactly ${show(bits, dtype)}`,
  };
}

/** Anything is permitted, for the reason given. */
export function anything(reason: string): Permitted {
  return { verdict: () => 'permitted', describe: () => `anything: ${reason}` };
}
