import type { Hash } from '../commitments/bytes.ts';
import type { Claim } from '../commitments/claim.ts';
import { listRoot } from '../commitments/list.ts';
import type { Tensor } from '../commitments/tensor.ts';
import { sameType } from '../commitments/type.ts';
import { EssaimError } from '../errors.ts';
import type { Program } from './program.ts';
import type { TensorType } from './types.ts';

/** One execution of a program: tensors of its inputs and of every value by number, in the program's layouts. */
export interface Execution {
  readonly program: Program;
  readonly inputs: readonly Tensor[];
  readonly values: readonly Tensor[];
}

function check(what: string, tensors: readonly Tensor[], expected: readonly { type: TensorType }[]): void {
  const wrong = expected.findIndex(({ type }, i) => !tensors[i] || !sameType(tensors[i].type, type));
  if (wrong < 0 && tensors.length === expected.length) return;
  const type = expected[wrong]?.type;
  const should = type ? `is not ${type.dtype}[${type.dims}] in layout ${type.layout}` : 'is one too many';
  throw new EssaimError('EXECUTION_WRONG_TENSORS', `${what} ${type ? wrong : expected.length} ${should}`, {
    help: 'Commit to every input and value of the program, in order, each in the layout of its type.',
    details: { expected: expected.length, got: tensors.length },
  });
}

/** Throws `EXECUTION_WRONG_TENSORS` unless every input and value is there, in the type that the program says. */
export function checkExecution({ program, inputs, values }: Execution): void {
  check('input', inputs, program.inputs);
  check('value', values, program.values);
}

/** The claim that this execution makes in a context. */
export function claimOf(execution: Execution, context: Hash): Claim {
  checkExecution(execution);
  const roots = (tensors: readonly Tensor[]) => tensors.map(({ root }) => root);
  return {
    programId: execution.program.id,
    inputsRoot: listRoot(roots(execution.inputs)),
    traceRoot: listRoot(roots(execution.values)),
    context,
  };
}
