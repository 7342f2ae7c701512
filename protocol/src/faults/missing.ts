import { concat } from '../commitments/bytes.ts';
import { type ClaimTrees, claimPart, outputPart, type ValuePlace } from './parts.ts';

/** Proof for `Malformed.proveMissing`: the trace holds zero where a boundary value belongs. */
export const missingFault = (claim: ClaimTrees, place: ValuePlace): Uint8Array =>
  concat([claimPart(claim), outputPart(claim.program, place), ...claim.trace.siblings(place.value)]);
