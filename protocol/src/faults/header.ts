import { concat } from '../commitments/bytes.ts';
import { type ClaimTrees, claimPart, outputPart, sized, type ValuePlace, valueSiblings } from './parts.ts';

/**
 * Proof for `Malformed.proveHeader`: the value's root is of another type than its operator's output.
 * `preimage` is what keccak256 turns into that root.
 */
export const headerFault = (claim: ClaimTrees, place: ValuePlace, preimage: Uint8Array): Uint8Array =>
  concat([claimPart(claim), outputPart(claim.program, place), sized(preimage), ...valueSiblings(claim, place)]);
