import { concat } from '../commitments/bytes.ts';
import { type ClaimTrees, claimPart, outputPart, type ValuePlace, valueSiblings } from './parts.ts';

/** Proof for `Malformed.proveMissing`: the trace, or the list of its segment, holds zero where a value belongs. */
export const missingFault = (claim: ClaimTrees, place: ValuePlace): Uint8Array =>
  concat([claimPart(claim), outputPart(claim.program, place), ...valueSiblings(claim, place)]);
