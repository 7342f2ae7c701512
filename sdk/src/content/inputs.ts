import {
  DTYPES,
  type ElementArray,
  EssaimError,
  elementCount,
  type InputRange,
  type TensorType,
  TYPED_ARRAYS,
} from '@essaim/protocol';

/** A tensor as a caller has it: a typed array of the input's element type, or numbers. Row-major. */
export type TensorData = readonly number[] | readonly bigint[] | ElementArray;

/** One input of a program as the compiler declares it. */
export interface InputSpec {
  readonly name: string;
  readonly type: TensorType;
  readonly range: InputRange;
}

const shape = (type: TensorType): string => `${type.dtype}[${type.dims.join(', ')}]`;

function refuse(code: string, spec: InputSpec, what: string, help: string): never {
  throw new EssaimError(code, `input ${spec.name}: ${what}`, { help, details: { input: spec.name, type: spec.type } });
}

/**
 * Row-major little-endian bytes of one input. Checks element type, count and the declared range, so that a wrong input
 * is refused before anything is paid: INPUT_WRONG_TYPE, INPUT_WRONG_SHAPE, INPUT_OUT_OF_RANGE.
 */
export function encodeInput(spec: InputSpec, data: TensorData): Uint8Array {
  const { type } = spec;
  const Elements = TYPED_ARRAYS[type.dtype];
  if (data.length !== elementCount(type)) {
    refuse(
      'INPUT_WRONG_SHAPE',
      spec,
      `${data.length} elements given, ${shape(type)} has ${elementCount(type)}`,
      `give ${shape(type)}`,
    );
  }
  const isPlain = Array.isArray(data);
  if (!isPlain && !(data instanceof Elements)) {
    refuse('INPUT_WRONG_TYPE', spec, `a ${data.constructor.name} given for ${shape(type)}`, `give a ${Elements.name}`);
  }
  const elements = isPlain ? fromNumbers(spec, data) : (data as InstanceType<typeof Elements>).slice();
  checkRange(spec, elements);
  if (elements instanceof Float32Array) canonicalNaN(elements);
  return new Uint8Array(elements.buffer);
}

function fromNumbers(spec: InputSpec, numbers: readonly (number | bigint)[]) {
  const { dtype } = spec.type;
  const big = DTYPES[dtype].size === 8;
  try {
    const elements = big
      ? (TYPED_ARRAYS[dtype] as BigInt64ArrayConstructor).from(numbers.map(BigInt))
      : (TYPED_ARRAYS[dtype] as Float32ArrayConstructor).from(numbers.map(Number));
    const lossy = numbers.findIndex((n, i) => dtype !== 'float32' && BigInt(elements[i]) !== BigInt(n));
    if (lossy >= 0)
      refuse('INPUT_WRONG_TYPE', spec, `${numbers[lossy]} at ${lossy} is no ${dtype}`, `give ${dtype} values`);
    return elements;
  } catch (cause) {
    if (cause instanceof EssaimError) throw cause;
    return refuse('INPUT_WRONG_TYPE', spec, `not all elements are ${dtype}`, `give ${dtype} values`);
  }
}

/** Writing a NaN anew gives it the one pattern that commitments allow. */
function canonicalNaN(elements: Float32Array): void {
  const bits = new Uint32Array(elements.buffer);
  for (let i = 0; i < elements.length; i++) if (Number.isNaN(elements[i])) bits[i] = 0x7fc00000;
}

function checkRange(spec: InputSpec, elements: ArrayLike<number | bigint>): void {
  const { low, high, step } = spec.range;
  const isBool = spec.type.dtype === 'bool';
  const free = step === 0 && low === -Infinity && high === Infinity;
  if (free) return;
  for (let i = 0; i < elements.length; i++) {
    const x = elements[i];
    if (x >= low && x <= high && onStep(x, step) && !(isBool && x > 1)) continue;
    refuse(
      'INPUT_OUT_OF_RANGE',
      spec,
      `element ${i} is ${x}; the model declares ${low} to ${high}${step ? ` in steps of ${step}` : ''}`,
      'scale or round the input as the model’s description says',
    );
  }
}

/** The remainder of floats is exact, unlike their quotient. */
function onStep(x: number | bigint, step: number): boolean {
  if (step === 0) return true;
  return typeof x === 'bigint' ? x % BigInt(step) === 0n : x % step === 0;
}

/** A typed array over row-major little-endian bytes. */
export function decodeTensor(type: TensorType, bytes: Uint8Array): ElementArray {
  const copy = bytes.slice();
  return new TYPED_ARRAYS[type.dtype](copy.buffer, 0, elementCount(type));
}
