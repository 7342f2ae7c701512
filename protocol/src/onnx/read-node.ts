import { EssaimError } from '../errors.ts';
import { type Attribute, nodeLabel, type OnnxNode } from './model.ts';
import { Message, malformed } from './protobuf-reader.ts';
import { readTensor } from './read-tensor.ts';
import { ATTRIBUTE, NODE } from './schema.ts';

const KINDS: Record<number, { kind: Attribute['kind']; field: string }> = {
  1: { kind: 'float', field: 'f' },
  2: { kind: 'int', field: 'i' },
  3: { kind: 'string', field: 's' },
  4: { kind: 'tensor', field: 't' },
  6: { kind: 'floats', field: 'floats' },
  7: { kind: 'ints', field: 'ints' },
  8: { kind: 'strings', field: 'strings' },
};
const PAYLOADS = ['f', 'i', 's', 't', 'floats', 'ints', 'strings', 'tensors', 'tp', 'type_protos', 'sparse_tensor'];

function readAttribute(bytes: Uint8Array, node: string): [string, Attribute] {
  const message = new Message(bytes, ATTRIBUTE, `attribute of node ${node}`);
  const name = message.text('name');
  const where = `attribute ${name} of node ${node}`;
  if (message.has('g') || message.has('graphs')) {
    throw new EssaimError('ONNX_CONTROL_FLOW', `${where} is a graph`, {
      help: 'Control flow has no fixed trace. Export the model without If, Loop or Scan.',
      details: { node, attribute: name },
    });
  }
  if (!name) throw malformed('has no name', where);
  if (message.has('ref_attr_name')) throw malformed('refers to an attribute of a function', where);
  const spec = KINDS[Number(message.int('type'))];
  if (!spec) {
    throw new EssaimError('ONNX_UNSUPPORTED_ATTRIBUTE', `${where} has type ${message.int('type')}`, {
      help: 'Attributes are numbers, strings, tensors and lists of them.',
      details: { node, attribute: name },
    });
  }
  const stray = [...PAYLOADS, 'sparse_tensors'].find((field) => field !== spec.field && message.has(field));
  if (stray) throw malformed(`is of kind ${spec.kind} and has ${stray}`, where);
  return [name, { kind: spec.kind, value: payload(message, spec.kind, where) } as Attribute];
}

function payload(message: Message, kind: Attribute['kind'], where: string): Attribute['value'] {
  switch (kind) {
    case 'float':
      return message.float('f');
    case 'int':
      return message.int('i');
    case 'string':
      return message.text('s');
    case 'floats':
      return message.floats('floats');
    case 'ints':
      return message.ints('ints');
    case 'strings':
      return message.texts('strings');
    case 'tensor': {
      const [tensor] = message.chunks('t');
      if (!tensor) throw malformed('has no tensor', where);
      return readTensor(tensor, where);
    }
  }
}

/** Reads NodeProto number `index` of a graph. */
export function readNode(bytes: Uint8Array, index: number): OnnxNode {
  const message = new Message(bytes, NODE, `node #${index}`);
  const node = { name: message.text('name'), type: message.text('op_type') };
  const label = nodeLabel(node, index);
  const domain = message.text('domain');
  if (domain !== '' && domain !== 'ai.onnx') {
    throw new EssaimError('ONNX_CUSTOM_DOMAIN', `node ${label}: ${node.type} is of domain ${domain}`, {
      help: 'Only operators of ai.onnx can be judged. Export the model with standard operators.',
      details: { node: label, domain },
    });
  }
  if (message.text('overload') !== '') throw malformed('calls an overloaded function', `node ${label}`);
  if (!node.type) throw malformed('has no operator type', `node ${label}`);
  const attributes = new Map<string, Attribute>();
  for (const attribute of message.chunks('attribute')) {
    const [name, value] = readAttribute(attribute, label);
    if (attributes.has(name)) throw malformed(`attribute ${name} is there twice`, `node ${label}`);
    attributes.set(name, value);
  }
  return { ...node, inputs: message.texts('input'), outputs: message.texts('output'), attributes };
}
