import {
  type ChainedClaims,
  chainClaims,
  commitTensor,
  EssaimError,
  type Hash,
  listRoot,
  type Program,
  toHex,
} from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import type { SubmittedBatch } from './history.ts';
import { readStepsReceipt, type StepReceipt, type StepsReceipt } from './manifests.ts';

/** Where a batch's claims stand: chain, registry, run, and the root that was submitted. */
export interface BatchPlace {
  readonly chainId: number;
  readonly registry: string;
  readonly runId: Hash;
  readonly batchRoot: Hash;
}

/** A receipt whose claims are those below the batch's root. */
export interface CheckedReceipt {
  readonly receipt: StepsReceipt;
  readonly chained: ChainedClaims;
  /** The loss of each step. */
  readonly losses: readonly number[];
}

/** 32-byte roots that stand one after the other. */
export const rootsIn = (bytes: Uint8Array): Hash[] =>
  Array.from({ length: bytes.length / 32 }, (_, i) => toHex(bytes.subarray(32 * i, 32 * i + 32)));

/** Fetches a batch's receipt and checks that its claims, roots and losses are those submitted. RECEIPT_MISMATCH if not. */
export async function fetchSteps(
  storage: Storage,
  program: Program,
  place: BatchPlace,
  { batch, parent, receipt: digest }: Pick<SubmittedBatch, 'batch' | 'parent' | 'receipt'>,
  signal?: AbortSignal,
): Promise<CheckedReceipt> {
  const receipt = readStepsReceipt(await storage.getManifest(digest, { signal }));
  const claims = receipt.claims.map((claim, step) => {
    if (listRoot(rootsIn(claim.values)) !== claim.traceRoot || listRoot(rootsIn(claim.inputs)) !== claim.inputsRoot)
      return mismatch(`the lists of step ${step}`);
    return { programId: program.id, inputsRoot: claim.inputsRoot, traceRoot: claim.traceRoot };
  });
  const chained = chainClaims(place, batch, parent, claims);
  if (claims.length !== batch.count || chained.batch.root !== place.batchRoot) mismatch('the batch');
  return { receipt, chained, losses: lossesOf(program, receipt) };
}

function lossesOf(program: Program, { claims, losses }: StepsReceipt): number[] {
  if (losses.length !== 4 * claims.length) mismatch('the number of losses');
  return claims.map((claim, step) => lossOf(program, claim, losses.slice(4 * step, 4 * step + 4), step));
}

function lossOf(program: Program, { values }: StepReceipt, bytes: Uint8Array, step: number): number {
  const { value } = program.outputs[program.outputs.length - 1];
  const { root } = commitTensor(program.values[value].type, bytes);
  if (root !== rootsIn(values.subarray(32 * value, 32 * value + 32))[0]) mismatch(`the loss of step ${step}`);
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
}

function mismatch(what: string): never {
  throw new EssaimError('RECEIPT_MISMATCH', `${what} is not what the trainer committed to on chain`, {
    help: 'do not use it; what was committed to can be demanded on chain',
  });
}
