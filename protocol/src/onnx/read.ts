import { EssaimError } from '../errors.ts';
import type { ExternalData } from './external-data.ts';
import type { OnnxModel, OnnxValue } from './model.ts';
import { Message, malformed } from './protobuf-reader.ts';
import { readNode } from './read-node.ts';
import { readDims, readDType, readTensor } from './read-tensor.ts';
import { DIMENSION, ENTRY, GRAPH, MODEL, OPSET, SHAPE, TENSOR_TYPE, TYPE, VALUE_INFO } from './schema.ts';

function refuse(message: Message, field: string, what: string, help: string): void {
  if (!message.has(field)) return;
  throw new EssaimError('ONNX_UNSUPPORTED_FEATURE', `${message.where}: ${what}`, { help, details: { field } });
}

/** Reads a ValueInfoProto: name and, where given, element type and dimensions. */
function readValue(bytes: Uint8Array, where: string): OnnxValue {
  const info = new Message(bytes, VALUE_INFO, where);
  const name = info.text('name');
  if (!name) throw malformed('has no name', where);
  const label = `${where} ${name}`;
  const [typeBytes] = info.chunks('type');
  if (!typeBytes) return { name };
  const [tensorBytes] = new Message(typeBytes, TYPE, label).chunks('tensor_type');
  if (!tensorBytes) return { name };
  const tensor = new Message(tensorBytes, TENSOR_TYPE, label);
  const dtype = readDType(tensor.int('elem_type'), label);
  const [shapeBytes] = tensor.chunks('shape');
  if (!shapeBytes) return { name, dtype };
  const dims = new Message(shapeBytes, SHAPE, label).chunks('dim').map((bytes) => {
    const dimension = new Message(bytes, DIMENSION, label);
    if (dimension.has('dim_value') && dimension.has('dim_param')) throw malformed('a dimension is given twice', label);
    return dimension.has('dim_value') ? readDims(dimension.ints('dim_value'), label)[0] : dimension.text('dim_param');
  });
  return { name, dtype, dims };
}

function readOpset(model: Message): number {
  const versions = model.chunks('opset_import').flatMap((bytes) => {
    const entry = new Message(bytes, OPSET, 'operator set');
    return entry.text('domain') === '' || entry.text('domain') === 'ai.onnx' ? [entry.int('version')] : [];
  });
  if (versions.length !== 1) throw malformed(`${versions.length} versions of the ai.onnx operator set`, 'model');
  return Number(versions[0]);
}

function readMetadata(model: Message): Map<string, string> {
  const metadata = new Map<string, string>();
  for (const bytes of model.chunks('metadata_props')) {
    const entry = new Message(bytes, ENTRY, 'metadata');
    if (metadata.has(entry.text('key'))) throw malformed(`${entry.text('key')} is there twice`, 'metadata');
    metadata.set(entry.text('key'), entry.text('value'));
  }
  return metadata;
}

function unique(names: readonly string[], where: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw malformed(`${name} is defined twice`, where, { value: name });
    seen.add(name);
  }
}

/**
 * Reads an ONNX model. Whatever it does not understand it refuses: what it returns is all that an engine executes.
 * Weights are views into `onnx`. Throws an EssaimError whose code starts with `ONNX_`.
 */
export function readOnnx(onnx: Uint8Array, external?: ExternalData): OnnxModel {
  const model = new Message(onnx, MODEL, 'model');
  refuse(model, 'training_info', 'has training information', 'Export the training step as one plain graph.');
  refuse(model, 'functions', 'defines functions', 'Inline them before export (onnx.inliner).');
  refuse(model, 'configuration', 'has a device configuration', 'Export the model for a single device.');
  const graphs = model.chunks('graph');
  if (graphs.length > 1) {
    throw new EssaimError('ONNX_SECOND_GRAPH', `the model has ${graphs.length} graph fields`, {
      help: 'Parsers merge graph fields, so that two readers may see two models. Export the model again.',
    });
  }
  if (graphs.length === 0) throw malformed('has no graph', 'model');
  const graph = new Message(graphs[0], GRAPH, 'graph');
  refuse(graph, 'sparse_initializer', 'has sparse initialisers', 'Store the weights densely.');
  const initializers = graph.chunks('initializer').map((bytes) => readTensor(bytes, 'initializer', external));
  const nodes = graph.chunks('node').map(readNode);
  const inputs = graph.chunks('input').map((bytes) => readValue(bytes, 'input'));
  const outputs = graph.chunks('output').map((bytes) => readValue(bytes, 'output'));
  for (const bytes of graph.chunks('value_info')) new Message(bytes, VALUE_INFO, 'value');
  const weights = initializers.map((t) => t.name);
  if (weights.includes('')) throw malformed('an initialiser has no name', 'graph');
  const made = nodes.flatMap((node) => node.outputs.filter((name) => name !== ''));
  unique([...weights, ...made], 'graph');
  const given = inputs.map((v) => v.name);
  unique([...given, ...made], 'graph');
  unique(
    outputs.map((v) => v.name),
    'graph outputs',
  );
  return {
    ir: Number(model.int('ir_version')),
    opset: readOpset(model),
    metadata: readMetadata(model),
    name: graph.text('name'),
    nodes,
    initializers,
    inputs,
    outputs,
  };
}
