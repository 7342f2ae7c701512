import { byteLength, DTYPES, EssaimError, type TensorType } from '@essaim/protocol';
import * as ort from 'onnxruntime-node';

const ARRAYS = {
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
} as const;

/** An ONNX Runtime tensor over row-major little-endian bytes; copies only where they are not aligned. */
export function toOrt(name: string, type: TensorType, bytes: Uint8Array): ort.Tensor {
  if (bytes.length !== byteLength(type)) {
    throw new EssaimError(
      'INPUT_WRONG_LENGTH',
      `input ${name} has ${bytes.length} bytes; ${type.dtype}[${type.dims}] has ${byteLength(type)}`,
      { help: 'give the elements row-major and little-endian', details: { name, type, bytes: bytes.length } },
    );
  }
  const { size } = DTYPES[type.dtype];
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const data = new ARRAYS[type.dtype](aligned.buffer as ArrayBuffer, aligned.byteOffset, bytes.length / size);
  return new ort.Tensor(type.dtype, data as never, [...type.dims]);
}

/** The row-major bytes behind an ONNX Runtime tensor; nothing is copied. */
export function fromOrt(tensor: ort.Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = tensor.data as Uint8Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
