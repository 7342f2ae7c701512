import {
  canonicalNaN,
  commitTensor,
  EssaimError,
  fromLayout,
  type OnnxModel,
  type Program,
  type Ref,
  type Tensor,
  toLayout,
  writeOnnx,
} from '@essaim/protocol';
import { hasher, openSession } from '#platform';
import type { EngineOptions } from './engine.ts';
import type { NamedBytes } from './executor.ts';
import { readModel } from './read-model.ts';
import { fromOrt, toOrt } from './tensors.ts';
import type { Trace } from './trace.ts';

/**
 * Makes all values of one segment again, in their order, from the trace's own inputs and boundary values: those that
 * enter it, and those inside it, which all that reads them is made from. Only the segment's part of the model runs. What
 * comes out is this device's; a boundary value among it is not the one that the trace committed to.
 */
export async function regenerateSegment(
  trace: Trace,
  onnx: Uint8Array | OnnxModel,
  segment: number,
  options: EngineOptions = {},
): Promise<Tensor[]> {
  const { program } = trace;
  const { firstValue, valueCount } = program.segments[segment];
  const numbers = Array.from({ length: valueCount }, (_, i) => firstValue + i);
  const made = new Set(numbers.flatMap((number) => madeBy(program, number) ?? []));
  const committed = new Set(
    numbers.flatMap((index) => (program.boundary[index] ? nameOf(program, { kind: 'value', index }) : [])),
  );
  const model = onnx instanceof Uint8Array ? readModel(onnx, options.folder) : onnx;
  const results = made.size > 0 ? await run(model, { made, committed }, trace, options) : {};
  const rowMajor = (ref: Ref): Uint8Array => {
    const name = nameOf(program, ref);
    return committed.has(name) ? entering(trace, name) : (results[name] ?? entering(trace, name));
  };
  return numbers.map((number) => {
    const { type, source } = program.values[number];
    const bytes = 'onnx' in source ? results[source.onnx] : rowMajor(source.relayoutOf);
    return commitTensor(type, toLayout(type, canonicalNaN(type, bytes)), hasher);
  });
}

export interface RegenerateOptions extends EngineOptions {
  /** Told after every segment how many of all are made. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Ends the work with its reason, between two segments. */
  readonly signal?: AbortSignal;
}

/**
 * A trace with all its inner values, made again from its own boundary values, and beside them `own`: what this device
 * makes of every value of a segment that has inner ones, null elsewhere.
 */
export async function regenerate(
  trace: Trace,
  onnx: Uint8Array,
  { onProgress, signal, ...options }: RegenerateOptions = {},
): Promise<{ trace: Trace; own: readonly (Tensor | null)[] }> {
  const { program } = trace;
  const model = readModel(onnx, options.folder);
  const own = new Array<Tensor | null>(program.values.length).fill(null);
  for (const [segment, { firstValue, valueCount }] of program.segments.entries()) {
    signal?.throwIfAborted();
    if (program.boundary.slice(firstValue, firstValue + valueCount).includes(false)) {
      const tensors = await regenerateSegment(trace, model, segment, options);
      own.splice(firstValue, valueCount, ...tensors);
    }
    onProgress?.({ done: segment + 1, total: program.segments.length });
  }
  return { trace: { ...trace, values: trace.values.map((tensor, i) => tensor ?? own[i]) }, own };
}

const madeBy = (program: Program, number: number): string | undefined => {
  const { source } = program.values[number];
  return 'onnx' in source ? source.onnx : undefined;
};

/** The ONNX tensor that a reference leads to, whatever its layout. */
function nameOf(program: Program, { kind, index }: Ref): string {
  if (kind === 'input') return program.inputs[index].name;
  if (kind === 'weight') return program.weights[index].name;
  const { source } = program.values[index];
  return 'onnx' in source ? source.onnx : nameOf(program, source.relayoutOf);
}

/** Row-major bytes of a tensor that enters a segment. */
function entering(trace: Trace, name: string): Uint8Array {
  const tensor = find(trace, name);
  return fromLayout(tensor.type, tensor.bytes);
}

function find({ program, inputs, values }: Trace, name: string): Tensor {
  const input = program.inputs.findIndex((candidate) => candidate.name === name);
  if (input >= 0) return inputs[input];
  const weight = program.weights.find((candidate) => candidate.name === name);
  if (weight) return weight;
  const value = program.values.findIndex(
    (_, index) => program.boundary[index] && nameOf(program, { kind: 'value', index }) === name,
  );
  const tensor = values[value];
  if (tensor) return tensor;
  throw new EssaimError('TRACE_INCOMPLETE', `the trace has no boundary value ${name}`, {
    help: 'Give every boundary value of the trace, and the model that its program was compiled from.',
    details: { name },
  });
}

/** The part of a model that makes the tensors named from those that enter; nodes that the program folded come along. */
function partOf(model: OnnxModel, made: ReadonlySet<string>, program: Program) {
  const enters = new Set([
    ...program.inputs.map(({ name }) => name),
    ...program.values.flatMap((_, value) => madeBy(program, value) ?? []),
  ]);
  const initializers = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const needed = new Set(made);
  const nodes = model.nodes.toReversed().filter(({ inputs, outputs }) => {
    const needs = outputs.some((name) => needed.has(name) && (made.has(name) || !enters.has(name)));
    if (needs) for (const name of inputs) if (name !== '') needed.add(name);
    return needs;
  });
  const results = new Set(nodes.flatMap(({ outputs }) => outputs));
  const entering = [...needed].filter((name) => !results.has(name) && !initializers.has(name));
  return {
    nodes: nodes.toReversed(),
    initializers: [...initializers.values()].filter(({ name }) => needed.has(name)),
    entering,
  };
}

/** Runs the nodes that make the tensors named, each from those committed to. */
async function run(
  model: OnnxModel,
  { made, committed }: { readonly made: ReadonlySet<string>; readonly committed: ReadonlySet<string> },
  trace: Trace,
  options: EngineOptions,
) {
  const { nodes, initializers, entering } = partOf(model, made, trace.program);
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const within = [...made].filter((name) => committed.has(name) && read.has(name));
  const own = new Map([...made].map((name) => [name, within.includes(name) ? `${name}/own` : name]));
  const inputs = [...entering, ...within].map((name) => ({ name, tensor: find(trace, name) }));
  const part = writeOnnx({
    ...model,
    nodes: nodes.map((node) => ({ ...node, outputs: node.outputs.map((name) => own.get(name) ?? name) })),
    initializers,
    inputs: inputs.map(({ name, tensor }) => ({ name, dtype: tensor.type.dtype, dims: tensor.type.dims })),
    outputs: [...own.values()].map((name) => ({ name })),
  });
  const { session } = await openSession(part, options);
  try {
    const feeds = inputs.map(({ name, tensor: { type, bytes } }) => {
      return [name, toOrt(name, { ...type, layout: 0 }, fromLayout(type, bytes))];
    });
    const results = await session.run(Object.fromEntries(feeds));
    return Object.fromEntries([...own].map(([name, made]) => [name, fromOrt(results[made])])) as NamedBytes;
  } finally {
    await session.release();
  }
}
