import { dtypeOf } from '../commitments/type.ts';
import { EssaimError } from '../errors.ts';
import { DTYPES, type DType } from '../program/types.ts';
import { type ExternalData, ExternalTensor, readPlace } from './external-data.ts';
import type { OnnxTensor } from './model.ts';
import { Message, malformed } from './protobuf-reader.ts';
import { ENTRY, TENSOR } from './schema.ts';
import { typedData } from './typed-data.ts';

/** The element type with an ONNX code; throws `ONNX_UNSUPPORTED_TYPE`. */
export function readDType(code: bigint, where: string): DType {
  const dtype = dtypeOf(Number(code));
  if (dtype) return dtype;
  throw new EssaimError('ONNX_UNSUPPORTED_TYPE', `${where}: element type ${code} is not supported`, {
    help: `Use one of ${Object.keys(DTYPES).join(', ')}.`,
    details: { code: Number(code) },
  });
}

/** Dimensions as numbers; throws on a negative or absurd one. */
export function readDims(dims: readonly bigint[], where: string): number[] {
  return dims.map((d) => {
    if (d < 0n || d > 0xffffffffn) throw malformed(`dimension ${d}`, where);
    return Number(d);
  });
}

/** Reads a TensorProto with raw, typed or external data. */
export function readTensor(bytes: Uint8Array, where: string, external?: ExternalData): OnnxTensor {
  const message = new Message(bytes, TENSOR, where);
  const name = message.text('name');
  const label = name ? `${where} ${name}` : where;
  if (message.has('segment')) throw malformed('is cut into segments', label);
  const dtype = readDType(message.int('data_type'), label);
  const dims = readDims(message.ints('dims'), label);
  const length = dims.reduce((a, b) => a * b, DTYPES[dtype].size);
  const typed = typedData(message, dtype, label);
  if (message.int('data_location') !== 0n) {
    if (typed) throw malformed('its elements are there twice', label);
    return readExternal(message, { name, dtype, dims }, length, label, external);
  }
  if (!typed && message.has('external_data')) throw malformed('external data of a tensor that is not external', label);
  const data = typed ?? message.chunks('raw_data')[0] ?? new Uint8Array(0);
  if (data.length !== length) throw malformed(`${data.length} bytes of data for ${dtype}[${dims}]`, label);
  if (dtype === 'bool' && data.some((b) => b > 1)) throw malformed('a bool is neither 0 nor 1', label);
  return { name, dtype, dims, bytes: data };
}

function readExternal(
  message: Message,
  tensor: Omit<OnnxTensor, 'bytes'>,
  length: number,
  label: string,
  external?: ExternalData,
): OnnxTensor {
  const where = message.int('data_location');
  if (where !== 1n || message.has('raw_data')) throw malformed(`data location ${where}`, label);
  const entries = new Map<string, string>();
  for (const bytes of message.chunks('external_data')) {
    const entry = new Message(bytes, ENTRY, label);
    if (entries.has(entry.text('key'))) throw malformed('external data says something twice', label);
    entries.set(entry.text('key'), entry.text('value'));
  }
  const place = readPlace(entries, length, label);
  if (external) return new ExternalTensor(tensor, place, external(place.location));
  throw new EssaimError('ONNX_EXTERNAL_DATA', `${label}: its data is outside the model`, {
    help: 'Give the external files, or save the model with all weights inside.',
    details: { location: place.location },
  });
}
