import { concat, fromHex, type Hash, uint } from '../commitments/bytes.ts';
import { type Claim, claimHash } from '../commitments/claim.ts';
import { CHUNK } from '../commitments/hasher.ts';
import { ListTree } from '../commitments/list.ts';
import type { ChunkOpener, Tensor } from '../commitments/tensor.ts';
import { type ClaimPlace, claimTrees } from '../faults/fault-proof.ts';
import { claimPart, sized } from '../faults/parts.ts';
import type { Execution } from '../program/execution.ts';
import { DTYPES } from '../program/types.ts';

/** Kinds of faults that the training registry sees, as `IStepFaults.Fault` numbers them. */
export const STEP_FAULTS = {
  context: 0,
  continuity: 1,
  checkpoint: 2,
  batch: 3,
  schedule: 4,
  base: 5,
  update: 6,
  share: 7,
} as const;
export type StepFault = keyof typeof STEP_FAULTS;

/** A claim of a run's batch that is at fault: its execution and its place. */
export interface FaultyClaim {
  readonly execution: Execution;
  readonly place: ClaimPlace;
}

const root = (hash: Hash): Uint8Array => fromHex(hash, 32);
const trees = ({ execution, place }: FaultyClaim) => claimTrees(execution, place);
const head = (faulty: FaultyClaim): Uint8Array =>
  concat([claimPart(trees(faulty)), sized(faulty.execution.program.interfaceBytes)]);

const listed = (list: ListTree, index: number, leaf: Hash): Uint8Array => concat([root(leaf), ...list.siblings(index)]);

function inputPart(faulty: FaultyClaim, tensor: number, index: number): Uint8Array {
  return concat([
    head(faulty),
    uint(tensor, 2),
    listed(trees(faulty).inputs, index, faulty.execution.inputs[index].root),
  ]);
}

/** The claim is of another program or at another place than its own; `claims` are those of its batch. */
export function stepContextFault(claims: readonly Claim[], leaf: number): Uint8Array {
  const hashes = claims.map(claimHash);
  const batch = new ListTree(hashes);
  const { programId, inputsRoot, traceRoot, context } = claims[leaf];
  return concat([
    ...[programId, inputsRoot, traceRoot, context].map(root),
    uint(leaf, 4),
    ...batch.siblings(leaf),
    ...(leaf === 0 ? [] : [listed(batch, leaf - 1, hashes[leaf - 1])]),
  ]);
}

/** Input `tensor` is not the same output of the claim before it in the batch. */
export function continuityFault(faulty: FaultyClaim, tensor: number, before: FaultyClaim): Uint8Array {
  const { program, values } = before.execution;
  const { inputs, trace, context } = trees(before);
  const { value } = program.outputs[tensor];
  return concat([
    inputPart(faulty, tensor, tensor),
    ...[inputs.root, trace.root, context].map(root),
    ...faulty.place.batch.siblings(faulty.place.leaf - 1),
    root(values[value]!.root),
    ...trace.siblings(value),
  ]);
}

/**
 * Input `tensor` of a group of inputs is not that of a checkpoint, given by its tensors' roots. Group 0, of the first
 * claim: what the round began from. Of an aggregation 1: the same; 2: the contribution's.
 */
export function tensorFault(
  faulty: FaultyClaim,
  tensor: number,
  group: 0 | 1 | 2,
  checkpoint: readonly Hash[],
): Uint8Array {
  const index = group * checkpoint.length + tensor;
  return concat([inputPart(faulty, tensor, index), listed(new ListTree(checkpoint), tensor, checkpoint[tensor])]);
}

/** The outputs of the batch's last claim do not make the checkpoint that it states. */
export function checkpointFault(faulty: FaultyClaim, tensors: number): Uint8Array {
  const { program, values } = faulty.execution;
  const { trace } = trees(faulty);
  const outputs = program.outputs.slice(0, tensors);
  return concat([
    head(faulty),
    ...outputs.flatMap(({ value }) => [root(values[value]!.root), ...trace.siblings(value)]),
  ]);
}

/** The 1,024 bytes that byte `place` lies in, with their siblings. */
function chunkPart(tree: ChunkOpener, place: number): Uint8Array {
  const index = Math.floor(place / CHUNK);
  return concat([tree.chunk(index), ...tree.openings([index])]);
}

function inputChunk(faulty: FaultyClaim, index: number, element: number): Uint8Array {
  const { type, tree } = faulty.execution.inputs[index];
  const chunk = chunkPart(tree, element * DTYPES[type.dtype].size);
  return concat([chunk, ...trees(faulty).inputs.siblings(index)]);
}

/** The inputs of a score's second claim do not make the update that its batch states. */
export function scoredUpdateFault(faulty: FaultyClaim, tensors: number): Uint8Array {
  const roots = faulty.execution.inputs.slice(0, tensors).map(({ root }) => root);
  return concat([head(faulty), ...roots.flatMap((leaf, i) => listed(trees(faulty).inputs, i, leaf))]);
}

const elementsOf = (dims: readonly number[]): number => dims.reduce((n, dim) => n * dim, 1);

/** A data set's column as a proof opens it. */
export interface OpenColumn {
  readonly tree: ChunkOpener;
  /** Siblings in the list of columns. */
  readonly siblings: readonly Uint8Array[];
}

/**
 * Element `element` of row `i` of a column of the claim's batch is not that of row `row` of the data set, which the seed
 * names. `first` is the first column's input: of a score `tensors`, which has no schedule.
 */
export function batchFault(
  faulty: FaultyClaim,
  tensors: number,
  place: { column: number; i: number; element: number; row: number },
  column: OpenColumn,
  first = tensors + 1,
): Uint8Array {
  const index = first + place.column;
  const { dtype, dims } = faulty.execution.inputs[index].type;
  const length = elementsOf(dims.slice(1));
  return concat([
    head(faulty),
    uint(place.column, 1),
    uint(place.i, 4),
    uint(place.element, 4),
    inputChunk(faulty, index, place.i * length + place.element),
    chunkPart(column.tree, (place.row * length + place.element) * DTYPES[dtype].size),
    ...column.siblings,
  ]);
}

/** Element `element` of the claim's schedule is not that of row `step` of the run's. */
export function scheduleFault(
  faulty: FaultyClaim,
  tensors: number,
  place: { step: number; element: number },
  schedule: Pick<Tensor, 'tree'>,
): Uint8Array {
  const { dtype, dims } = faulty.execution.inputs[tensors].type;
  const at = (place.step * elementsOf(dims) + place.element) * DTYPES[dtype].size;
  return concat([
    head(faulty),
    uint(place.element, 4),
    inputChunk(faulty, tensors, place.element),
    chunkPart(schedule.tree, at),
  ]);
}

/** The share of an aggregation's claim is not its contribution's part of the steps so far. */
export const shareFault = (faulty: FaultyClaim, tensors: number): Uint8Array =>
  concat([head(faulty), inputChunk(faulty, 3 * tensors, 0)]);
