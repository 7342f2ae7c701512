import { DTYPES } from '../program/types.ts';
import type { Attribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.ts';
import { MessageWriter } from './protobuf-writer.ts';

function tensor(t: OnnxTensor): MessageWriter {
  const out = new MessageWriter();
  for (const d of t.dims) out.int(1, d);
  out.int(2, DTYPES[t.dtype].code);
  if (t.name) out.text(8, t.name);
  if (!t.external) return out.bytes(9, t.bytes);
  for (const [key, value] of Object.entries(t.external)) {
    out.message(13, new MessageWriter().text(1, key).text(2, String(value)));
  }
  return out.int(14, 1);
}

function attribute(name: string, a: Attribute): MessageWriter {
  const out = new MessageWriter().text(1, name);
  switch (a.kind) {
    case 'float':
      return out.float(2, a.value).int(20, 1);
    case 'int':
      return out.int(3, a.value).int(20, 2);
    case 'string':
      return out.text(4, a.value).int(20, 3);
    case 'tensor':
      return out.message(5, tensor(a.value)).int(20, 4);
    case 'floats':
      for (const value of a.value) out.float(7, value);
      return out.int(20, 6);
    case 'ints':
      for (const value of a.value) out.int(8, value);
      return out.int(20, 7);
    case 'strings':
      for (const value of a.value) out.text(9, value);
      return out.int(20, 8);
  }
}

function node(n: OnnxNode): MessageWriter {
  const out = new MessageWriter();
  for (const name of n.inputs) out.text(1, name);
  for (const name of n.outputs) out.text(2, name);
  if (n.name) out.text(3, n.name);
  out.text(4, n.type);
  for (const [name, value] of n.attributes) out.message(5, attribute(name, value));
  return out;
}

function value(v: OnnxValue): MessageWriter {
  const out = new MessageWriter().text(1, v.name);
  if (!v.dtype) return out;
  const type = new MessageWriter().int(1, DTYPES[v.dtype].code);
  if (v.dims) {
    const shape = new MessageWriter();
    for (const d of v.dims) {
      const dimension = new MessageWriter();
      shape.message(1, typeof d === 'number' ? dimension.int(1, d) : d === '' ? dimension : dimension.text(2, d));
    }
    type.message(2, shape);
  }
  return out.message(2, new MessageWriter().message(1, type));
}

/** Writes a model; the same model always gives the same bytes. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const graph = new MessageWriter();
  for (const n of model.nodes) graph.message(1, node(n));
  graph.text(2, model.name);
  for (const t of model.initializers) graph.message(5, tensor(t));
  for (const v of model.inputs) graph.message(11, value(v));
  for (const v of model.outputs) graph.message(12, value(v));
  const out = new MessageWriter().int(1, model.ir).message(7, graph);
  out.message(8, new MessageWriter().text(1, '').int(2, model.opset));
  for (const [key, text] of model.metadata) out.message(14, new MessageWriter().text(1, key).text(2, text));
  return out.finish();
}
