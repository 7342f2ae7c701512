import { type Claim, claimHash } from '../commitments/claim.ts';
import type { Hash } from '../commitments/bytes.ts';
import { ListTree } from '../commitments/list.ts';
import type { Tensor } from '../commitments/tensor.ts';
import { sameType } from '../commitments/type.ts';
import { EssaimError } from '../errors.ts';
import type { Program } from './program.ts';
import type { TensorType } from './types.ts';

/** A claim with everything that opens it: tensors of inputs and of every value, by number. */
export interface CommittedClaim {
  readonly claim: Claim;
  /** Leaf of its batch. */
  readonly hash: Hash;
  readonly inputs: readonly Tensor[];
  readonly values: readonly Tensor[];
  readonly inputTree: ListTree;
  readonly traceTree: ListTree;
}

function checkTensors(what: string, tensors: readonly Tensor[], types: readonly TensorType[]): void {
  const wrong = types.findIndex((type, i) => !tensors[i] || !sameType(tensors[i].type, type));
  if (wrong < 0 && tensors.length === types.length) return;
  const { dtype, layout, dims } = types[wrong] ?? tensors[types.length].type;
  throw new EssaimError('CLAIM_WRONG_TENSORS', `${what} ${wrong} is not ${dtype}[${dims}] in layout ${layout}`, {
    help: 'Commit to every input and value of the program, in order, each in the layout of its type.',
    details: { expected: types.length, got: tensors.length },
  });
}

/** Commits to one execution of a program: `inputs` and `values` in the program's order and layouts. */
export function commitClaim(
  program: Program,
  inputs: readonly Tensor[],
  values: readonly Tensor[],
  context: Hash,
): CommittedClaim {
  const typeOf = ({ type }: { type: TensorType }) => type;
  checkTensors('input', inputs, program.inputs.map(typeOf));
  checkTensors('value', values, program.values.map(typeOf));
  const inputTree = new ListTree(inputs.map(({ root }) => root));
  const traceTree = new ListTree(values.map(({ root }) => root));
  const claim = { programId: program.id, inputsRoot: inputTree.root, traceRoot: traceTree.root, context };
  return { claim, hash: claimHash(claim), inputs, values, inputTree, traceTree };
}
