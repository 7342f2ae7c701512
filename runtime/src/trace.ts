import {
  canonicalNaN,
  commitTensor,
  EssaimError,
  fromLayout,
  type Hash,
  ListTree,
  type Program,
  type Ref,
  type Tensor,
  type TensorType,
  toLayout,
} from '@essaim/protocol';
import type { NamedBytes } from './executor.ts';
import { nativeHasher } from './native-hasher.ts';

/** The committed tensors of one execution: inputs and all values, and the roots of both lists. */
export interface Trace {
  readonly program: Program;
  readonly inputs: readonly Tensor[];
  readonly values: readonly Tensor[];
  readonly inputsRoot: Hash;
  readonly traceRoot: Hash;
}

const rootsOf = (tensors: readonly Tensor[]): Hash => new ListTree(tensors.map(({ root }) => root)).root;

/** Commits to input bytes (row-major, in the program's order). */
export function commitInputs(program: Program, inputs: readonly Uint8Array[]): { tensors: Tensor[]; root: Hash } {
  const tensors = program.inputs.map(({ type }, i) => commitTensor(type, canonicalNaN(type, inputs[i]), nativeHasher));
  return { tensors, root: rootsOf(tensors) };
}

/** Commits to values already in committed form, in value order: what a provider published, for instance. */
export function commitValues(program: Program, inputs: readonly Uint8Array[], values: readonly Uint8Array[]): Trace {
  const { tensors, root } = commitInputs(program, inputs);
  const committed = program.values.map(({ type }, i) => commitTensor(type, values[i], nativeHasher));
  return { program, inputs: tensors, values: committed, inputsRoot: root, traceRoot: rootsOf(committed) };
}

/**
 * Commits to an execution: `results` are row-major bytes by ONNX name from an executor opened with `trace`. Values that
 * no engine makes (relayouts) are made here.
 */
export function commitTrace(program: Program, inputs: readonly Uint8Array[], results: NamedBytes): Trace {
  return commitValues(program, inputs, committedBytes(program, inputs, results));
}

/** Every value's bytes in its committed form, in value order. */
export function committedBytes(program: Program, inputs: readonly Uint8Array[], results: NamedBytes): Uint8Array[] {
  const rowMajor = new Map<number, Uint8Array>();
  const source = (ref: Ref): Uint8Array => {
    if (ref.kind === 'input') return inputs[ref.index];
    const weight = ref.kind === 'weight' ? program.weights[ref.index] : undefined;
    return weight ? fromLayout(weight.type, weight.bytes) : rowMajor.get(ref.index)!;
  };
  return program.values.map(({ source: from, type }, i) => {
    const bytes = 'onnx' in from ? present(results, from.onnx, type) : source(from.relayoutOf);
    rowMajor.set(i, bytes);
    return toLayout(type, canonicalNaN(type, bytes));
  });
}

function present(results: NamedBytes, name: string, type: TensorType): Uint8Array {
  const bytes = results[name];
  if (bytes) return bytes;
  throw new EssaimError('TRACE_INCOMPLETE', `the execution gave no tensor ${name} (${type.dtype}[${type.dims}])`, {
    help: 'open the executor with trace: true',
    details: { name },
  });
}
