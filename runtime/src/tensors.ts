import { byteLength, DTYPES, EssaimError, type TensorType, TYPED_ARRAYS } from '@essaim/protocol';
import type { Tensor } from 'onnxruntime-node';
import { OrtTensor } from '#platform';

/** An ONNX Runtime tensor over row-major little-endian bytes; copies only where they are not aligned. */
export function toOrt(name: string, type: TensorType, bytes: Uint8Array): Tensor {
  if (bytes.length !== byteLength(type)) {
    throw new EssaimError(
      'INPUT_WRONG_LENGTH',
      `input ${name} has ${bytes.length} bytes; ${type.dtype}[${type.dims}] has ${byteLength(type)}`,
      { help: 'give the elements row-major and little-endian', details: { name, type, bytes: bytes.length } },
    );
  }
  const { size } = DTYPES[type.dtype];
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const data = new TYPED_ARRAYS[type.dtype](aligned.buffer as ArrayBuffer, aligned.byteOffset, bytes.length / size);
  return new OrtTensor(type.dtype, data as never, [...type.dims]);
}

/** The row-major bytes behind an ONNX Runtime tensor; nothing is copied. */
export function fromOrt(tensor: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = tensor.data as Uint8Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
