import { elementBits, elementValue, limitsOf } from '../../commitments/program.ts';
import type { OnnxTensor } from '../../onnx/model.ts';
import type { DType, InputRange } from '../types.ts';

/**
 * What is proven of every element of a tensor: low <= x <= high, and x is a multiple of `quantum`, a power of two.
 * Floats with bounds are finite and no NaN; null: nothing is proven.
 */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly quantum: number;
}
export type Known = Bounds | null;

export const GREATEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;
export const LEAST_NORMAL = 2 ** -126;
const LEAST_FLOAT = 2 ** -149;

export const greatest = (b: Bounds): number => Math.max(Math.abs(b.low), Math.abs(b.high));

/** Greatest power of two that divides `x`; of 0 a power beyond every float. */
export function lowestBit(x: number): number {
  if (x === 0) return 2 ** 128;
  let unit = LEAST_FLOAT;
  for (let scaled = Math.abs(x) / LEAST_FLOAT; scaled % 2 === 0; scaled /= 2) unit *= 2;
  return unit;
}

/** Quantum of floats that are 0 or at least `least` in magnitude. */
export const quantumAbove = (least: number): number => Math.max(2 ** (Math.floor(Math.log2(least)) - 24), LEAST_FLOAT);

/** Exact results after rounding to `dtype`: floats overflow to unknown, integers wrap to anything. */
export function rounded(dtype: DType, { low, high, quantum }: Bounds): Known {
  if (dtype === 'float32') {
    if (!(low >= -GREATEST_FLOAT && high <= GREATEST_FLOAT)) return null;
    return { low: Math.fround(low), high: Math.fround(high), quantum: Math.max(quantum, LEAST_FLOAT) };
  }
  const limits = limitsOf(dtype);
  const fits = low >= limits.low && high <= limits.high;
  return fits ? { low, high, quantum: Math.max(quantum, 1) } : { ...limits, quantum: 1 };
}

/** What the type alone says. */
export function ofType(dtype: DType): Known {
  return dtype === 'float32' ? null : { ...limitsOf(dtype), quantum: 1 };
}

/** What a declared range says. */
export function ofRange(dtype: DType, { low, high, step }: InputRange): Known {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return ofType(dtype);
  const unit = dtype === 'float32' ? LEAST_FLOAT : 1;
  return { low, high, quantum: step === 0 ? unit : lowestBit(step) };
}

type Numbers = Float32Array | Int8Array | Uint8Array | Int32Array | Float64Array;

/** Elements of a tensor as numbers; 64-bit integers are rounded. */
export function numbersOf({ dtype, bytes }: Pick<OnnxTensor, 'dtype' | 'bytes'>): Numbers {
  const { buffer } = new Uint8Array(bytes);
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'bool':
    case 'uint8':
      return new Uint8Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'int16':
      return Float64Array.from(new Int16Array(buffer));
    case 'uint16':
      return Float64Array.from(new Uint16Array(buffer));
    case 'uint32':
      return Float64Array.from(new Uint32Array(buffer));
    case 'int64':
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 'uint64':
      return Float64Array.from(new BigUint64Array(buffer), Number);
  }
}

/** What the elements of a constant say. */
export function ofConstant(tensor: OnnxTensor): Known {
  let [low, high, quantum] = [0, 0, 2 ** 128];
  const numbers = numbersOf(tensor);
  if (numbers.length > 0) [low, high] = [numbers[0], numbers[0]];
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i];
    if (!Number.isFinite(x)) return null;
    if (x < low) low = x;
    if (x > high) high = x;
    if (x !== 0 && x % quantum !== 0) quantum = Math.min(quantum, lowestBit(x));
  }
  return { low, high, quantum };
}

/** Whether an element can be written exactly in a type. */
export const representable = (dtype: DType, value: number): boolean =>
  elementValue(dtype, elementBits(dtype, value)) === value;
