import { EssaimError } from '../errors.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { readOnnx } from '../onnx/read.ts';
import type { ExternalData } from '../onnx/read-tensor.ts';
import { admit, defaultJudges, type Judges } from './admit.ts';
import { emit } from './emit.ts';
import { lower } from './graph.ts';
import { commitProgram, type Program } from './program.ts';
import { analyse } from './ranges/analyse.ts';
import { declaredRanges, wholeRange } from './ranges/declared.ts';
import { cutSegments } from './segments.ts';
import type { Ref } from './types.ts';

export interface CompileOptions {
  /** Judges that the program names; those of this version by default. */
  readonly judges?: Judges;
  /** Files that the model names as external data. */
  readonly external?: ExternalData;
}

/**
 * Compiles an ONNX model to the program that a claim is about. The same bytes give the same program on every machine.
 * Throws an EssaimError naming the node and what to do: codes `ONNX_…`, `JUDGE_REFUSES`, `PROGRAM_FAULT_TOO_LARGE`.
 */
export function compile(onnx: Uint8Array, options: CompileOptions = {}): Program {
  return compileModel(readOnnx(onnx, options.external), options.judges);
}

/** Compiles a model that was read already. */
export function compileModel(model: OnnxModel, judges: Judges = defaultJudges): Program {
  const graph = lower(model);
  if (graph.nodes.length === 0) {
    throw new EssaimError('ONNX_MALFORMED', 'the model computes nothing', {
      help: 'Give a model with at least one node.',
    });
  }
  const ranges = declaredRanges(model.metadata, graph.inputs);
  const analysis = analyse(graph, ranges);
  const { operators, weights, values, numbers } = emit(graph);
  const names = values.map(({ source }) => ('onnx' in source ? source.onnx : ''));
  const nameOf = ({ kind, index }: Ref) => (kind === 'input' ? graph.inputs[index].name : names[index]);
  const exactness = analysis.exact.values();
  const exactOperators = operators.map((op) => op.name === 'Relayout' || exactness.next().value === true);
  const outputs = graph.outputs.map((name) => ({ name, value: numbers.get(name)! }));
  const cut = cutSegments(
    operators.map((op) => admit(op, judges)),
    operators.map((op, i) => ({
      exact: exactOperators[i],
      absorbs: !exactOperators[i] && judges.judgeOf(op).absorbs === true,
    })),
    outputs.map(({ value }) => value),
  );
  return commitProgram({
    ...cut,
    weights,
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
