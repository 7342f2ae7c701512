import { type Hash, ZERO_HASH } from '../commitments/bytes.ts';
import type { Claim } from '../commitments/claim.ts';
import { ListTree, listRoot } from '../commitments/list.ts';
import type { Segment } from '../commitments/program.ts';
import type { Tensor } from '../commitments/tensor.ts';
import { sameType } from '../commitments/type.ts';
import { EssaimError } from '../errors.ts';
import type { Program } from './program.ts';
import { SEGMENT_VALUES } from './segments.ts';
import type { TensorType } from './types.ts';

/** One execution of a program: tensors of its inputs and values by number, in the program's layouts. */
export interface Execution {
  readonly program: Program;
  readonly inputs: readonly Tensor[];
  /** Null for inner values that are not at hand; the trace commits to none of them. */
  readonly values: readonly (Tensor | null)[];
  /** What the executor answered for a segment: the root of each of its values, zero for boundary values. */
  readonly segmentRoots?: ReadonlyMap<number, readonly Hash[]>;
}

function check(
  what: string,
  tensors: readonly (Tensor | null)[],
  expected: readonly { type: TensorType }[],
  needed: (i: number) => boolean = () => true,
): void {
  const wrong = expected.findIndex(({ type }, i) => {
    const tensor = tensors[i];
    return tensor ? !sameType(tensor.type, type) : tensor === undefined || needed(i);
  });
  if (wrong < 0 && tensors.length === expected.length) return;
  const type = expected[wrong]?.type;
  const should = type ? `is not ${type.dtype}[${type.dims}] in layout ${type.layout}` : 'is one too many';
  throw new EssaimError('EXECUTION_WRONG_TENSORS', `${what} ${type ? wrong : expected.length} ${should}`, {
    help: 'Give every input and boundary value of the program, in order, each in the layout of its type.',
    details: { expected: expected.length, got: tensors.length },
  });
}

/** Throws `EXECUTION_WRONG_TENSORS` unless every input and boundary value is there, and all have the program's types. */
export function checkExecution({ program, inputs, values }: Execution): void {
  check('input', inputs, program.inputs);
  check('value', values, program.values, (i) => program.boundary[i]);
}

/** The roots below an execution's traceRoot: of every boundary value, zero where a value is inner. */
export const traceRoots = ({ program, values }: Pick<Execution, 'program' | 'values'>): Hash[] =>
  values.map((tensor, i) => (tensor && program.boundary[i] !== false ? tensor.root : ZERO_HASH));

/** Numbers of the values inside a segment, ascending. */
export function innerValues({ segments, boundary }: Pick<Program, 'segments' | 'boundary'>, segment: number): number[] {
  const { firstValue, valueCount } = segments[segment];
  return Array.from({ length: valueCount }, (_, i) => firstValue + i).filter((value) => !boundary[value]);
}

/** The list of a segment: each inner value's root at its number modulo `SEGMENT_VALUES`, zeros elsewhere. */
export function segmentTree({ firstValue }: Segment, roots: readonly Hash[]): ListTree {
  const places = new Array<Hash>(SEGMENT_VALUES).fill(ZERO_HASH);
  roots.forEach((root, i) => {
    places[(firstValue + i) % SEGMENT_VALUES] = root;
  });
  return new ListTree(places);
}

/**
 * The roots of a segment's values, zero for boundary values: what its executor answers for it. Throws
 * `EXECUTION_WRONG_TENSORS` if an inner value is not at hand and was not answered.
 */
export function segmentRoots({ program, values, segmentRoots: answered }: Execution, segment: number): readonly Hash[] {
  const known = answered?.get(segment);
  if (known) return known;
  const { firstValue, valueCount } = program.segments[segment];
  return Array.from({ length: valueCount }, (_, i) => {
    if (program.boundary[firstValue + i]) return ZERO_HASH;
    const tensor = values[firstValue + i];
    if (tensor) return tensor.root;
    throw new EssaimError('EXECUTION_WRONG_TENSORS', `inner value ${firstValue + i} is not at hand`, {
      help: `Make segment ${segment} again from its boundary values, or demand it.`,
      details: { segment },
    });
  });
}

/** The claim that this execution makes in a context. */
export function claimOf(execution: Execution, context: Hash): Claim {
  checkExecution(execution);
  return {
    programId: execution.program.id,
    inputsRoot: listRoot(execution.inputs.map(({ root }) => root)),
    traceRoot: listRoot(traceRoots(execution)),
    context,
  };
}
