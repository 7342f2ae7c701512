import { EssaimError } from '../errors.ts';
import type { ExternalData } from '../onnx/external-data.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { readOnnx } from '../onnx/read.ts';
import { admit, defaultJudges, type Judges } from './admit.ts';
import { emit } from './emit.ts';
import { type LoweredGraph, lower } from './graph.ts';
import { picks } from './picks.ts';
import { commitProgram, type Program } from './program.ts';
import { analyse } from './ranges/analyse.ts';
import { declaredRanges, wholeRange } from './ranges/declared.ts';
import { cutSegments } from './segments.ts';
import { byteLength, type Ref } from './types.ts';
import { commitWeight, type Weight, weightsOf } from './weights.ts';

export interface CompileOptions {
  /** Judges that the program names; those of this version by default. */
  readonly judges?: Judges;
  /** Files that the model names as external data: read in parts, of which none is kept. */
  readonly external?: ExternalData;
  /** Told after every weight how many bytes of all of them are committed to. */
  readonly onProgress?: (progress: CompileProgress) => void;
  /** Ends the compilation with its reason, between two weights. */
  readonly signal?: AbortSignal;
}

/** Bytes of weights. */
export interface CompileProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Compiles an ONNX model, as bytes or as read, to the program that a claim is about. The same bytes give the same program on every machine.
 * Throws an EssaimError naming the node and what to do: codes `ONNX_…`, `JUDGE_REFUSES`, `PROGRAM_FAULT_TOO_LARGE`.
 */
export function compile(onnx: Uint8Array | OnnxModel, options: CompileOptions = {}): Program {
  const steps = compiling(read(onnx, options), options);
  let step = steps.next();
  for (; !step.done; step = steps.next()) advance(step.value, options);
  return step.value;
}

/** The same, letting others run after every weight: for large models in a process that has more to do. */
export async function compileAsync(onnx: Uint8Array | OnnxModel, options: CompileOptions = {}): Promise<Program> {
  const steps = compiling(read(onnx, options), options);
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    await new Promise((resolve) => setTimeout(resolve));
    advance(step.value, options);
  }
  return step.value;
}

function read(onnx: Uint8Array | OnnxModel, { external }: CompileOptions): OnnxModel {
  return onnx instanceof Uint8Array ? readOnnx(onnx, external) : onnx;
}

function advance(progress: CompileProgress, { onProgress, signal }: CompileOptions): void {
  onProgress?.(progress);
  signal?.throwIfAborted();
}

/** Commits to the weights one by one, in their order. */
function* commitWeights(graph: LoweredGraph): Generator<CompileProgress, Weight[]> {
  const needed = weightsOf(graph);
  const total = needed.reduce((sum, { type }) => sum + byteLength(type), 0);
  const weights: Weight[] = [];
  let done = 0;
  for (const { tensor, type } of needed) {
    weights.push(commitWeight(tensor, type));
    done += byteLength(type);
    yield { done, total };
  }
  return weights;
}

function* compiling(model: OnnxModel, { judges = defaultJudges }: CompileOptions): Generator<CompileProgress, Program> {
  const graph = lower(model);
  if (graph.nodes.length === 0) {
    throw new EssaimError('ONNX_MALFORMED', 'the model computes nothing', {
      help: 'Give a model with at least one node.',
    });
  }
  const ranges = declaredRanges(model.metadata, graph.inputs);
  const analysis = analyse(graph, ranges);
  const { operators, values, numbers } = emit(graph);
  const names = values.map(({ source }) => ('onnx' in source ? source.onnx : ''));
  const nameOf = ({ kind, index }: Ref) => (kind === 'input' ? graph.inputs[index].name : names[index]);
  const exactness = analysis.exact.values();
  const exactOperators = operators.map((op) => op.name === 'Relayout' || exactness.next().value === true);
  const outputs = graph.outputs.map((name) => ({ name, value: numbers.get(name)! }));
  const cut = cutSegments(
    operators.map((op) => admit(op, judges)),
    operators.map((op, i) => ({
      exact: exactOperators[i],
      repeats: judges.judgeOf(op).repeats === true,
      absorbs: !exactOperators[i] && judges.judgeOf(op).absorbs === true && !picks(op, operators),
    })),
    outputs.map(({ value }) => value),
  );
  return commitProgram({
    ...cut,
    weights: yield* commitWeights(graph),
    values,
    inputs: graph.inputs.map(({ name, shape }) => ({
      name,
      type: { dtype: shape.dtype, layout: 0, dims: shape.dims },
      range: ranges.get(name) ?? wholeRange(shape.dtype),
    })),
    bounds: values.map(({ source }) => {
      const name = 'onnx' in source ? source.onnx : nameOf(source.relayoutOf);
      return analysis.bounds.get(name) ?? null;
    }),
    outputs,
    exactOperators,
  });
}
