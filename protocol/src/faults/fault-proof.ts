import { concat, type Hash, uint } from '../commitments/bytes.ts';
import { type ListOpener, ListTree } from '../commitments/list.ts';
import type { Tensor } from '../commitments/tensor.ts';
import { EssaimError } from '../errors.ts';
import { type Need, OUTPUT_SLOT, type Verdict } from '../judges/judge.ts';
import { checkExecution, type Execution } from '../program/execution.ts';
import { DTYPES } from '../program/types.ts';
import { type JudgeOptions, judgeElement, refOf, type TensorOf } from './judge-element.ts';
import { type ClaimTrees, claimPart, openingPart, operatorPart, type Range } from './parts.ts';

/** Where an execution's claim stands: its context, its batch and its position there. */
export interface ClaimPlace {
  readonly context: Hash;
  readonly leaf: number;
  readonly batch: ListTree;
  /** What opens the trace, where it is more than the list of the values' roots. */
  readonly trace?: ListOpener;
}
/** An element: operator number, output, physical index. */
export interface ElementPlace {
  readonly op: number;
  readonly output: number;
  readonly element: number;
}
export interface FaultProof {
  /** The packed blob that `Referee.proveFault` takes. */
  readonly proof: Uint8Array;
  readonly verdict: Verdict;
  /** The claimed element's bytes, read as a little-endian integer. */
  readonly claimed: bigint;
  /** What an honest executor's element may be, in words. */
  readonly permitted: string;
}

/** Commitments of an execution's claim, opened down from its batch: what builders of every kind of proof take. */
export function claimTrees(execution: Execution, { context, leaf, batch, trace }: ClaimPlace): ClaimTrees {
  checkExecution(execution);
  const list = (tensors: readonly Tensor[]) => new ListTree(tensors.map(({ root }) => root));
  const { program, inputs, values } = execution;
  return { program: program.trees, inputs: list(inputs), trace: trace ?? list(values), context, leaf, batch };
}

/** The tensors of an execution by reference. */
export const tensorsOf =
  ({ program, inputs, values }: Execution): ((...ref: Parameters<TensorOf>) => Tensor) =>
  (kind, index) =>
    kind === 'input' ? inputs[index] : kind === 'weight' ? program.weights[index] : values[index];

const endOf = ({ offset, length }: Range): number => offset + length;

/** Consecutive needs of one slot, each after the one before it, at most 255, share an opening. */
function openings(needs: readonly Need[]): { slot: number; ranges: Range[] }[] {
  const out: { slot: number; ranges: Range[] }[] = [];
  for (const { slot, offset, length } of needs) {
    const last = out.at(-1);
    if (last?.slot === slot && last.ranges.length < 255 && endOf(last.ranges.at(-1)!) <= offset) {
      last.ranges.push({ offset, length });
    } else out.push({ slot, ranges: [{ offset, length }] });
  }
  return out;
}

/**
 * Builds the proof that one element of a claim is wrong, from the claim's own tensors, and says what its judge will
 * find. A proof of a permitted element is built too; the referee refuses it.
 */
export function buildFaultProof(
  execution: Execution,
  place: ClaimPlace,
  { op: number, output, element }: ElementPlace,
  options: JudgeOptions = {},
): FaultProof {
  const op = execution.program.operators[number];
  const type = op?.outputTypes[output];
  if (!type) {
    throw new EssaimError('FAULT_NO_SUCH_ELEMENT', `operator ${number} has no output ${output}`, {
      help: 'Name an operator of the program and one of its outputs.',
    });
  }
  const claim = claimTrees(execution, place);
  const tensorOf = tensorsOf(execution);
  const { verdict, claimed, permitted, needs } = judgeElement(
    execution.program,
    op,
    output,
    element,
    tensorOf,
    options,
  );
  const { size } = DTYPES[type.dtype];
  const parts = [
    { slot: OUTPUT_SLOT + output, ranges: [{ offset: element * size, length: size }] },
    ...openings(needs),
  ];
  const opened = parts.map(({ slot, ranges }) => {
    const { kind, index } = refOf(op, slot);
    const list = kind === 'input' ? claim.inputs : kind === 'weight' ? claim.program.weights : claim.trace;
    return openingPart(slot, ranges, tensorOf(kind as 'input', index), list.siblings(index));
  });
  const proof = concat([
    claimPart(claim),
    operatorPart(claim.program, number),
    uint(output, 1),
    uint(element, 4),
    uint(parts.length, 1),
    ...opened,
  ]);
  return { proof, verdict, claimed, permitted: permitted.describe() };
}
