import { EssaimError } from '../errors.ts';
import type { OnnxNode, OnnxTensor } from '../onnx/model.ts';

/** The tensor of a Constant node. */
export function constantOf(node: OnnxNode, label: string): OnnxTensor {
  const [name] = node.outputs;
  const make = (dtype: 'float32' | 'int64', dims: number[], data: Float32Array | BigInt64Array): OnnxTensor => ({
    name,
    dtype,
    dims,
    bytes: new Uint8Array(data.buffer),
  });
  const [[key, attribute] = ['', undefined], ...more] = node.attributes;
  const { kind, value } = attribute ?? { kind: undefined, value: undefined };
  if (more.length === 0) {
    if (key === 'value' && kind === 'tensor') return { ...value, name };
    if (key === 'value_float' && kind === 'float') return make('float32', [], Float32Array.of(value));
    if (key === 'value_int' && kind === 'int') return make('int64', [], BigInt64Array.of(value));
    if (key === 'value_floats' && kind === 'floats') return make('float32', [value.length], Float32Array.from(value));
    if (key === 'value_ints' && kind === 'ints') return make('int64', [value.length], BigInt64Array.from(value));
  }
  throw new EssaimError('ONNX_UNSUPPORTED_ATTRIBUTE', `node ${label} (Constant): ${key || 'no value'}`, {
    help: 'A Constant holds one number, list of numbers or dense tensor.',
    details: { node: label },
  });
}
