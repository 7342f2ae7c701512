import type { FieldKind, Schema } from './protobuf-reader.ts';

const field = (name: string, kind: FieldKind) => ({ name, kind });
const many = (name: string, kind: FieldKind) => ({ name, kind, many: true });

/** Fields of the messages of onnx.proto that the reader looks at or may safely pass over. */
export const MODEL: Schema = {
  1: field('ir_version', 'int'),
  2: field('producer_name', 'text'),
  3: field('producer_version', 'text'),
  4: field('domain', 'text'),
  5: field('model_version', 'int'),
  6: field('doc_string', 'text'),
  7: many('graph', 'bytes'),
  8: many('opset_import', 'bytes'),
  14: many('metadata_props', 'bytes'),
  20: many('training_info', 'bytes'),
  25: many('functions', 'bytes'),
  26: many('configuration', 'bytes'),
};
export const OPSET: Schema = { 1: field('domain', 'text'), 2: field('version', 'int') };
export const ENTRY: Schema = { 1: field('key', 'text'), 2: field('value', 'text') };
export const GRAPH: Schema = {
  1: many('node', 'bytes'),
  2: field('name', 'text'),
  5: many('initializer', 'bytes'),
  10: field('doc_string', 'text'),
  11: many('input', 'bytes'),
  12: many('output', 'bytes'),
  13: many('value_info', 'bytes'),
  14: many('quantization_annotation', 'bytes'),
  15: many('sparse_initializer', 'bytes'),
  16: many('metadata_props', 'bytes'),
};
export const NODE: Schema = {
  1: many('input', 'text'),
  2: many('output', 'text'),
  3: field('name', 'text'),
  4: field('op_type', 'text'),
  5: many('attribute', 'bytes'),
  6: field('doc_string', 'text'),
  7: field('domain', 'text'),
  8: field('overload', 'text'),
  9: many('metadata_props', 'bytes'),
};
export const ATTRIBUTE: Schema = {
  1: field('name', 'text'),
  2: field('f', 'float'),
  3: field('i', 'int'),
  4: field('s', 'text'),
  5: field('t', 'bytes'),
  6: field('g', 'bytes'),
  7: many('floats', 'float'),
  8: many('ints', 'int'),
  9: many('strings', 'text'),
  10: many('tensors', 'bytes'),
  11: many('graphs', 'bytes'),
  13: field('doc_string', 'text'),
  14: field('tp', 'bytes'),
  15: many('type_protos', 'bytes'),
  20: field('type', 'int'),
  21: field('ref_attr_name', 'text'),
  22: field('sparse_tensor', 'bytes'),
  23: many('sparse_tensors', 'bytes'),
};
export const TENSOR: Schema = {
  1: many('dims', 'int'),
  2: field('data_type', 'int'),
  3: field('segment', 'bytes'),
  4: many('float_data', 'float'),
  5: many('int32_data', 'int'),
  6: many('string_data', 'bytes'),
  7: many('int64_data', 'int'),
  8: field('name', 'text'),
  9: field('raw_data', 'bytes'),
  10: many('double_data', 'bytes'),
  11: many('uint64_data', 'int'),
  12: field('doc_string', 'text'),
  13: many('external_data', 'bytes'),
  14: field('data_location', 'int'),
  16: many('metadata_props', 'bytes'),
};
export const VALUE_INFO: Schema = {
  1: field('name', 'text'),
  2: field('type', 'bytes'),
  3: field('doc_string', 'text'),
  4: many('metadata_props', 'bytes'),
};
export const TYPE: Schema = { 1: field('tensor_type', 'bytes'), 6: field('denotation', 'text') };
export const TENSOR_TYPE: Schema = { 1: field('elem_type', 'int'), 2: field('shape', 'bytes') };
export const SHAPE: Schema = { 1: many('dim', 'bytes') };
export const DIMENSION: Schema = {
  1: field('dim_value', 'int'),
  2: field('dim_param', 'text'),
  3: field('denotation', 'text'),
};
