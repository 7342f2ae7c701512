import { concat, fromHex, type Hash, uint } from '../commitments/bytes.ts';
import { type ClaimTrees, claimPart, outputPart, type ValuePlace, valueSiblings } from './parts.ts';

const BYTE = 0;
const LEAF = 1;
const VALUE = 2;
const STRAY = 3;

/**
 * Proof for `Malformed.proveEncoding`: byte `at` of the value's padded bytes is one that no tensor has there: not zero
 * after the end, above 1 in a bool, or of a NaN that is not canonical. `chunk` holds that byte.
 */
export const byteFault = (
  claim: ClaimTrees,
  place: ValuePlace,
  at: number,
  chunk: Uint8Array,
  treeSiblings: readonly Uint8Array[],
): Uint8Array =>
  concat([
    claimPart(claim),
    uint(BYTE, 1),
    outputPart(claim.program, place),
    ...valueSiblings(claim, place),
    uint(at, 4),
    chunk,
    ...treeSiblings,
  ]);

/** Proof for `Malformed.proveEncoding`: the chunk tree has a leaf that is not zero beyond the value's last chunk. */
export const leafFault = (
  claim: ClaimTrees,
  place: ValuePlace,
  index: number,
  leaf: Hash,
  treeSiblings: readonly Uint8Array[],
): Uint8Array =>
  concat([
    claimPart(claim),
    uint(LEAF, 1),
    outputPart(claim.program, place),
    ...valueSiblings(claim, place),
    uint(index, 4),
    fromHex(leaf, 32),
    ...treeSiblings,
  ]);

/** Proof for `Malformed.proveEncoding`: the trace has a root that is not zero beyond its last value. */
export const valueFault = (claim: ClaimTrees, index: number, root: Hash, siblings: readonly Uint8Array[]): Uint8Array =>
  concat([claimPart(claim), uint(VALUE, 1), uint(index, 4), fromHex(root, 32), ...siblings]);

/**
 * Proof for `Malformed.proveEncoding`: a root that is not zero where no value stands. Of an inner value it is the trace's;
 * of a boundary value it is what its executor answered for the segment, and `place` has that list.
 */
export const strayFault = (claim: ClaimTrees, place: ValuePlace, root: Hash): Uint8Array =>
  concat([
    claimPart(claim),
    uint(STRAY, 1),
    outputPart(claim.program, place),
    fromHex(root, 32),
    ...valueSiblings(claim, place),
  ]);
