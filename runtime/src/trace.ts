import {
  byteLength,
  canonicalNaN,
  commitTensor,
  concat,
  EssaimError,
  type Execution,
  fromLayout,
  type Hash,
  listRoot,
  type Program,
  type Ref,
  type Tensor,
  type TensorType,
  toLayout,
  traceRoots,
} from '@essaim/protocol';
import { hasher } from '#platform';
import type { NamedBytes } from './executor.ts';

/** The committed tensors of one execution: inputs and boundary values, and the roots of both lists. */
export interface Trace extends Execution {
  readonly inputsRoot: Hash;
  readonly traceRoot: Hash;
}

/** An execution of which every value is at hand. */
export interface WholeExecution extends Execution {
  readonly values: readonly Tensor[];
}

/** Commits to input bytes (row-major, in the program's order). The first may be committed already: `known`. */
export function commitInputs(
  program: Program,
  inputs: readonly Uint8Array[],
  known: readonly Tensor[] = [],
): { tensors: Tensor[]; root: Hash } {
  const tensors = program.inputs.map(
    ({ type }, i) => known[i] ?? commitTensor(type, canonicalNaN(type, inputs[i]), hasher),
  );
  return { tensors, root: listRoot(tensors.map(({ root }) => root)) };
}

/**
 * Commits to boundary values already in committed form: what a provider published, for instance. `values` has one entry
 * for each value, null for inner ones.
 */
export function commitValues(
  program: Program,
  inputs: readonly Uint8Array[],
  values: readonly (Uint8Array | null)[],
  known: readonly Tensor[] = [],
): Trace {
  const { tensors, root } = commitInputs(program, inputs, known);
  const committed = program.values.map(({ type }, i) => {
    const bytes = values[i];
    return bytes && program.boundary[i] ? commitTensor(type, bytes, hasher) : null;
  });
  const traceRoot = listRoot(traceRoots({ program, values: committed }));
  return { program, inputs: tensors, values: committed, inputsRoot: root, traceRoot };
}

/** Bytes of all boundary values one after the other: what an executor serves and keeps of a trace. */
export const boundaryBytes = ({ program, values }: Trace): Uint8Array =>
  concat(values.flatMap((tensor, i) => (tensor && program.boundary[i] ? [tensor.bytes] : [])));

/** Each boundary value's part of `boundaryBytes`, null for inner values; null if they have another length. */
export function boundaryParts(program: Program, bytes: Uint8Array): (Uint8Array | null)[] | null {
  let at = 0;
  const parts = program.values.map(({ type }, i) => {
    if (!program.boundary[i]) return null;
    at += byteLength(type);
    // a copy: typed arrays begin at multiples of their element
    return new Uint8Array(bytes.subarray(at - byteLength(type), at));
  });
  return at === bytes.length ? parts : null;
}

/**
 * Commits to an execution: `results` are row-major bytes by ONNX name from an executor opened with `trace`. Values that
 * no engine makes (relayouts) are made here.
 */
export function commitTrace(
  program: Program,
  inputs: readonly Uint8Array[],
  results: NamedBytes,
  known: readonly Tensor[] = [],
): Trace {
  return commitValues(program, inputs, committedBytes(program, inputs, results), known);
}

/** Every boundary value's bytes in its committed form, by value number; null for inner values. */
export function committedBytes(
  program: Program,
  inputs: readonly Uint8Array[],
  results: NamedBytes,
): (Uint8Array | null)[] {
  const bytesOf = valueBytes(program, inputs, results);
  return program.boundary.map((boundary, index) => (boundary ? bytesOf(index) : null));
}

/**
 * An execution with all its values, inner ones too, for those who judge and do not commit: `results` are row-major bytes
 * by ONNX name from an executor opened with `trace: 'whole'`.
 */
export function wholeExecution(program: Program, inputs: readonly Uint8Array[], results: NamedBytes): WholeExecution {
  const bytesOf = valueBytes(program, inputs, results);
  return commitWhole(
    program,
    inputs,
    program.values.map((_, index) => bytesOf(index)),
  );
}

/** The same from every value's bytes in its committed form. */
export function commitWhole(
  program: Program,
  inputs: readonly Uint8Array[],
  values: readonly Uint8Array[],
): WholeExecution {
  const { tensors } = commitInputs(program, inputs);
  return {
    program,
    inputs: tensors,
    values: program.values.map(({ type }, i) => commitTensor(type, values[i], hasher)),
  };
}

/** A value's bytes in its committed form, by number. */
function valueBytes(
  program: Program,
  inputs: readonly Uint8Array[],
  results: NamedBytes,
): (index: number) => Uint8Array {
  const rowMajor = ({ kind, index }: Ref): Uint8Array => {
    if (kind === 'input') return inputs[index];
    if (kind === 'weight') return fromLayout(program.weights[index].type, program.weights[index].bytes);
    const { source, type } = program.values[index];
    return 'onnx' in source ? present(results, source.onnx, type) : rowMajor(source.relayoutOf);
  };
  return (index) => {
    const { type } = program.values[index];
    return toLayout(type, canonicalNaN(type, rowMajor({ kind: 'value', index })));
  };
}

function present(results: NamedBytes, name: string, type: TensorType): Uint8Array {
  const bytes = results[name];
  if (bytes) return bytes;
  throw new EssaimError('TRACE_INCOMPLETE', `the execution gave no tensor ${name} (${type.dtype}[${type.dims}])`, {
    help: 'open the executor with trace: true',
    details: { name },
  });
}
