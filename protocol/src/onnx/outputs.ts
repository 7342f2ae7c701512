import { Message } from './protobuf-reader.ts';
import { MessageWriter } from './protobuf-writer.ts';
import { GRAPH, MODEL, VALUE_INFO } from './schema.ts';

/**
 * Makes values outputs of the model, for an engine: protobuf parsers merge concatenated messages, so the model's own
 * bytes stay as they are and a short suffix names the outputs. Values that are outputs already are skipped.
 */
export function withOutputs(onnx: Uint8Array, names: readonly string[]): Uint8Array {
  const known = new Set<string>();
  for (const graph of new Message(onnx, MODEL, 'model').chunks('graph')) {
    for (const output of new Message(graph, GRAPH, 'graph').chunks('output')) {
      known.add(new Message(output, VALUE_INFO, 'output').text('name'));
    }
  }
  const graph = new MessageWriter();
  for (const name of names) {
    if (known.has(name)) continue;
    known.add(name);
    graph.message(12, new MessageWriter().text(1, name));
  }
  const suffix = new MessageWriter().message(7, graph).finish();
  const out = new Uint8Array(onnx.length + suffix.length);
  out.set(onnx);
  out.set(suffix, onnx.length);
  return out;
}
