import { dtypeOf } from '../commitments/type.ts';
import { EssaimError } from '../errors.ts';
import { DTYPES, type DType } from '../program/types.ts';
import type { OnnxTensor } from './model.ts';
import { Message, malformed } from './protobuf-reader.ts';
import { ENTRY, TENSOR } from './schema.ts';
import { typedData } from './typed-data.ts';

/** Gives the bytes of a file that a model names as external data. */
export type ExternalData = (location: string) => Uint8Array;

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
  const data = typedData(message, dtype, label) ?? locate(message, label, external);
  if (data.length !== length) throw malformed(`${data.length} bytes of data for ${dtype}[${dims}]`, label);
  if (dtype === 'bool' && data.some((b) => b > 1)) throw malformed('a bool is neither 0 nor 1', label);
  return { name, dtype, dims, bytes: data };
}

function locate(message: Message, label: string, external?: ExternalData): Uint8Array {
  const location = message.int('data_location');
  if (location === 0n) {
    if (message.has('external_data')) throw malformed('external data of a tensor that is not external', label);
    return message.chunks('raw_data')[0] ?? new Uint8Array(0);
  }
  if (location !== 1n || message.has('raw_data')) throw malformed(`data location ${location}`, label);
  const entries = new Map<string, string>();
  for (const bytes of message.chunks('external_data')) {
    const entry = new Message(bytes, ENTRY, label);
    if (entries.has(entry.text('key'))) throw malformed('external data says something twice', label);
    entries.set(entry.text('key'), entry.text('value'));
  }
  const file = entries.get('location');
  if (file === undefined || !external) {
    throw new EssaimError('ONNX_EXTERNAL_DATA', `${label}: its data is outside the model`, {
      help: 'Give the external files, or save the model with all weights inside.',
      details: { location: file },
    });
  }
  const bytes = external(file);
  const offset = Number(entries.get('offset') ?? 0);
  const length = Number(entries.get('length') ?? bytes.length - offset);
  const fits = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length >= 0;
  if (!fits || offset + length > bytes.length) throw malformed('external data passes the end of its file', label);
  return bytes.subarray(offset, offset + length);
}
