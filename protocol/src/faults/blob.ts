import { concat, fromHex, type Hash, uint } from '../commitments/bytes.ts';
import { chunksOf, type Tensor } from '../commitments/tensor.ts';
import type { ListTree } from '../commitments/list.ts';
import type { CommittedClaim } from '../program/claim.ts';
import type { Program } from '../program/program.ts';
import type { Ref } from '../program/types.ts';

/** A range of a tensor's bytes. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Where a claim stands in its batch. */
export interface BatchPlace {
  readonly leaf: number;
  readonly batch: ListTree;
}

/** `inputsRoot ‖ traceRoot ‖ context ‖ header ‖ leaf u32 ‖ batch siblings`: how every proof about a claim begins. */
export function claimPart(program: Program, claim: CommittedClaim, { leaf, batch }: BatchPlace): Uint8Array {
  return concat([
    ...[claim.claim.inputsRoot, claim.claim.traceRoot, claim.claim.context].map((hash: Hash) => fromHex(hash)),
    program.headerBytes,
    uint(leaf, 4),
    ...batch.siblings(leaf),
  ]);
}

/** `opIndex u32 ‖ bodyLen u16 ‖ body ‖ siblings`. */
export function operatorPart(program: Program, op: number): Uint8Array {
  const body = program.bodies[op];
  return concat([uint(op, 4), uint(body.length, 2), body, ...program.operatorTree.siblings(op)]);
}

/** The tensor that a reference names in a claim, and the list that holds its root. */
export function tensorOf(program: Program, claim: CommittedClaim, ref: Ref): { tensor: Tensor; list: ListTree } {
  if (ref.kind === 'input') return { tensor: claim.inputs[ref.index], list: claim.inputTree };
  if (ref.kind === 'weight') return { tensor: program.weights[ref.index], list: program.weightTree };
  return { tensor: claim.values[ref.index], list: claim.traceTree };
}

/** `list siblings ‖ chunks ‖ tree siblings`: opens ascending, non-empty ranges of one tensor of a list. */
export function rangesPart(tensor: Tensor, list: ListTree, index: number, ranges: readonly Range[]): Uint8Array {
  const chunks = chunksOf(ranges);
  return concat([
    ...list.siblings(index),
    ...chunks.map((chunk) => tensor.tree.chunk(chunk)),
    ...tensor.tree.openings(chunks),
  ]);
}

/** `slot u8 ‖ nRanges u8 ‖ ranges ‖ list siblings ‖ chunks ‖ tree siblings`. */
export function openingPart(
  slot: number,
  tensor: Tensor,
  list: ListTree,
  index: number,
  ranges: readonly Range[],
): Uint8Array {
  return concat([
    uint(slot, 1),
    uint(ranges.length, 1),
    ...ranges.flatMap(({ offset, length }) => [uint(offset, 4), uint(length, 4)]),
    rangesPart(tensor, list, index, ranges),
  ]);
}
