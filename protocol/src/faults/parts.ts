import { concat, fromHex, type Hash, uint } from '../commitments/bytes.ts';
import type { ListOpener, ListTree } from '../commitments/list.ts';
import { encodeHeader, type ProgramHeader } from '../commitments/program.ts';
import { chunksOf, type Tensor } from '../commitments/tensor.ts';

/** A program's commitments, opened. */
export interface ProgramTrees {
  readonly header: ProgramHeader;
  /** Bodies of all operators, as their leaves hash them. */
  readonly bodies: readonly Uint8Array[];
  readonly ops: ListTree;
  readonly weights: ListTree;
}

/** A claim's commitments, opened down from its batch. */
export interface ClaimTrees {
  readonly program: ProgramTrees;
  readonly inputs: ListTree;
  readonly trace: ListOpener;
  readonly context: Hash;
  /** Position in the batch. */
  readonly leaf: number;
  readonly batch: ListTree;
}

/** Bytes of a tensor. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** `inputsRoot ‖ traceRoot ‖ context ‖ header ‖ leaf u32 ‖ batch siblings`. */
export const claimPart = (claim: ClaimTrees): Uint8Array =>
  concat([
    fromHex(claim.inputs.root, 32),
    fromHex(claim.trace.root, 32),
    fromHex(claim.context, 32),
    encodeHeader(claim.program.header),
    uint(claim.leaf, 4),
    ...claim.batch.siblings(claim.leaf),
  ]);

/** `opIndex u32 ‖ bodyLen u16 ‖ body ‖ siblings`. */
export const operatorPart = (program: ProgramTrees, index: number): Uint8Array =>
  concat([uint(index, 4), sized(program.bodies[index]), ...program.ops.siblings(index)]);

/** `length u16 ‖ bytes`. */
export const sized = (bytes: Uint8Array): Uint8Array => concat([uint(bytes.length, 2), bytes]);

/** `slot u8 ‖ nRanges u8 ‖ nRanges×(offset u32 ‖ length u32) ‖ list siblings ‖ chunks ‖ tree siblings`. */
export function openingPart(slot: number, ranges: readonly Range[], tensor: Tensor, siblings: readonly Uint8Array[]) {
  const chunks = chunksOf(ranges);
  return concat([
    uint(slot, 1),
    uint(ranges.length, 1),
    ...ranges.flatMap(({ offset, length }) => [uint(offset, 4), uint(length, 4)]),
    ...siblings,
    ...chunks.map((chunk) => tensor.tree.chunk(chunk)),
    ...tensor.tree.openings(chunks),
  ]);
}

/** A value of a claim: output `output` of operator `operator`, and its global number. */
export interface ValuePlace {
  readonly operator: number;
  readonly output: number;
  readonly value: number;
}

/** `operator ‖ output u8`. */
export const outputPart = (program: ProgramTrees, place: ValuePlace): Uint8Array =>
  concat([operatorPart(program, place.operator), uint(place.output, 1)]);
