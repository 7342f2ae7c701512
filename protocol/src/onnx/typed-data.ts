import { EssaimError } from '../errors.ts';
import { DTYPES, type DType } from '../program/types.ts';
import { type Message, malformed } from './protobuf-reader.ts';

/** Fields of a TensorProto that hold elements as numbers, and the types whose elements each may hold. */
const FIELDS: Readonly<Record<string, readonly DType[]>> = {
  float_data: ['float32'],
  int32_data: ['int32', 'int16', 'int8', 'uint16', 'uint8', 'bool'],
  int64_data: ['int64'],
  uint64_data: ['uint32', 'uint64'],
  string_data: [],
  double_data: [],
};

/**
 * Little-endian elements of a tensor that stores them as numbers; undefined where it does not. Throws `ONNX_MALFORMED`
 * on a number that is none of the type's, `ONNX_TYPED_DATA` on a field that holds no elements of the type.
 */
export function typedData(message: Message, dtype: DType, label: string): Uint8Array | undefined {
  const [field, ...others] = Object.keys(FIELDS).filter((name) => message.has(name));
  if (!field) return undefined;
  if (others.length > 0 || message.has('raw_data') || message.has('external_data'))
    throw malformed('its elements are there twice', label);
  if (!FIELDS[field].includes(dtype)) {
    throw new EssaimError('ONNX_TYPED_DATA', `${label}: elements of type ${dtype} are in ${field}`, {
      help: 'Store the tensor as raw_data (onnx.numpy_helper.from_array does).',
      details: { tensor: label, field },
    });
  }
  if (dtype === 'float32') return new Uint8Array(Float32Array.from(message.floats(field)).buffer);
  return integers(message.ints(field), dtype, label);
}

function integers(values: readonly bigint[], dtype: DType, label: string): Uint8Array {
  const { size } = DTYPES[dtype];
  const bytes = new Uint8Array(values.length * size);
  for (const [i, value] of values.entries()) {
    // a uint64 beyond int64's limits was read as a negative number
    const bits = BigInt.asUintN(8 * size, value);
    const read = dtype.startsWith('int') || dtype === 'uint64' ? BigInt.asIntN(8 * size, value) : bits;
    if (read !== value) throw malformed(`element ${i} is ${value}, which is no ${dtype}`, label);
    for (let k = 0; k < size; k++) bytes[i * size + k] = Number((bits >> BigInt(8 * k)) & 255n);
  }
  return bytes;
}
