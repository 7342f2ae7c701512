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
import {
  readAggregationReceipt,
  readScoreReceipt,
  readStepsReceipt,
  type StepReceipt,
  type StepsReceipt,
} from './manifests.ts';

/** Where a batch's claims stand: chain, registry, run, and the root that was submitted. */
export interface BatchPlace {
  readonly chainId: number;
  readonly registry: string;
  readonly runId: Hash;
  readonly batchRoot: Hash;
}

/** A receipt whose claims are those below the batch's root. */
export interface CheckedReceipt {
  readonly receipt: Pick<StepsReceipt, 'claims' | 'checkpoint' | 'checkpoints'>;
  readonly chained: ChainedClaims;
  /** The loss of each step; of a score before the update and with it; of an aggregation none. */
  readonly losses: readonly number[];
}

/** 32-byte roots that stand one after the other. */
export const rootsIn = (bytes: Uint8Array): Hash[] =>
  Array.from({ length: bytes.length / 32 }, (_, i) => toHex(bytes.subarray(32 * i, 32 * i + 32)));

type Submitted = Pick<SubmittedBatch, 'batch' | 'parent' | 'receipt'>;

/** Fetches a seat's receipt and checks that its claims, roots and losses are those submitted. RECEIPT_MISMATCH if not. */
export async function fetchSteps(
  storage: Storage,
  program: Program,
  place: BatchPlace,
  submitted: Submitted,
  signal?: AbortSignal,
): Promise<CheckedReceipt> {
  const receipt = readStepsReceipt(await storage.getManifest(submitted.receipt, { signal }));
  const chained = requireClaims(program, place, submitted, receipt.claims);
  return { receipt, chained, losses: lossesOf(program, program.outputs.length - 1, receipt) };
}

/** The same of a score: its checkpoint is the update. RECEIPT_MISMATCH */
export async function fetchScore(
  storage: Storage,
  program: Program,
  place: BatchPlace,
  submitted: Submitted,
  signal?: AbortSignal,
): Promise<CheckedReceipt> {
  const receipt = readScoreReceipt(await storage.getManifest(submitted.receipt, { signal }));
  const chained = requireClaims(program, place, submitted, receipt.claims);
  return { receipt: { ...receipt, checkpoints: [] }, chained, losses: lossesOf(program, 0, receipt) };
}

/** The same of an aggregation. RECEIPT_MISMATCH */
export async function fetchAggregation(
  storage: Storage,
  program: Program,
  place: BatchPlace,
  submitted: Submitted,
  signal?: AbortSignal,
): Promise<CheckedReceipt> {
  const receipt = readAggregationReceipt(await storage.getManifest(submitted.receipt, { signal }));
  const chained = requireClaims(program, place, submitted, receipt.claims);
  return { receipt: { ...receipt, checkpoints: [] }, chained, losses: [] };
}

function requireClaims(
  program: Program,
  place: BatchPlace,
  { batch, parent }: Submitted,
  shown: readonly StepReceipt[],
): ChainedClaims {
  const claims = shown.map((claim, step) => {
    if (listRoot(rootsIn(claim.values)) !== claim.traceRoot || listRoot(rootsIn(claim.inputs)) !== claim.inputsRoot)
      return mismatch(`the lists of claim ${step}`);
    return { programId: program.id, inputsRoot: claim.inputsRoot, traceRoot: claim.traceRoot };
  });
  const chained = chainClaims(place, batch, parent, claims);
  if (claims.length !== batch.count || chained.batch.root !== place.batchRoot) mismatch('the batch');
  return chained;
}

function lossesOf(program: Program, output: number, { claims, losses }: Pick<StepsReceipt, 'claims' | 'losses'>) {
  if (losses.length !== 4 * claims.length) mismatch('the number of losses');
  return claims.map((claim, step) => lossOf(program, output, claim, losses.slice(4 * step, 4 * step + 4), step));
}

function lossOf(program: Program, output: number, { values }: StepReceipt, bytes: Uint8Array, step: number): number {
  const { value } = program.outputs[output];
  const { root } = commitTensor(program.values[value].type, bytes);
  if (root !== rootsIn(values.subarray(32 * value, 32 * value + 32))[0]) mismatch(`the loss of step ${step}`);
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
}

function mismatch(what: string): never {
  throw new EssaimError('RECEIPT_MISMATCH', `${what} is not what the trainer committed to on chain`, {
    help: 'do not use it; what was committed to can be demanded on chain',
  });
}
