import { concat, fromHex, type Hash, uint } from '../commitments/bytes.ts';
import type { Claim } from '../commitments/claim.ts';
import type { ListTree } from '../commitments/list.ts';

/**
 * Proof for a client's `proveContext`: leaf `leaf` of the batch is a claim that is not the job's. If its inputs are not
 * the job's at that index, give `expected`: the job's inputsRoot there, in the list of the job's inputs.
 */
export function contextFault(
  claim: Claim,
  leaf: number,
  batch: ListTree,
  expected?: { inputsRoot: Hash; inputs: ListTree },
): Uint8Array {
  return concat([
    ...[claim.programId, claim.inputsRoot, claim.traceRoot, claim.context].map((hash) => fromHex(hash, 32)),
    uint(leaf, 4),
    ...batch.siblings(leaf),
    ...(expected ? [fromHex(expected.inputsRoot, 32), ...expected.inputs.siblings(leaf)] : []),
  ]);
}
