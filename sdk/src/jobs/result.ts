import {
  BLINDED,
  claimHash,
  commitTensor,
  contextHash,
  type Drift,
  EssaimError,
  type Hash,
  listRoot,
  type Program,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import type { Contents } from '@essaim/storage';
import { decodeTensor, type TensorData } from '../content/inputs.ts';
import { type ClaimReceipt, type Receipt, readReceipt } from '../content/manifests.ts';
import { driftOfOutput, type NumericsManifest } from '../content/numerics.ts';
import { fetchTensor } from '../content/tensor.ts';
import type { JobContext } from './context.ts';
import type { Terms } from './terms.ts';

/** What the chain holds of a submission. */
export interface Submission {
  chainId: number;
  /** The client contract. */
  client: string;
  jobId: Hash;
  programId: Hash;
  batchRoot: Hash;
  /** Digest of the receipt's manifest. */
  receipt: Hash;
}

/** An output that hashes to what the provider is bound to. */
export interface Output {
  readonly name: string;
  readonly data: TensorData;
  readonly dims: readonly number[];
  /** How far an executor can move one of its elements within what judges permit; null: not known. */
  readonly drift: Drift | null;
}

const mismatch = (what: string): never => {
  throw new EssaimError('RESULT_MISMATCH', `${what} is not what the provider committed to on chain`, {
    help: 'do not use this result; a verifier can demand the bytes on chain',
  });
};

/** The value roots of one claim of a receipt, one by one. */
export function valueRoots(claim: ClaimReceipt): Hash[] {
  return Array.from({ length: claim.values.length / 32 }, (_, i) => toHex(claim.values.subarray(32 * i, 32 * i + 32)));
}

/** The context of the claim at `position` of a job. */
export const jobContext = (chainId: number, client: string, jobId: Hash, position: number): Hash =>
  contextHash({ chainId, client, subject: jobId, position, continues: ZERO_HASH });

/** The claim at `position` of a receipt, as its batch holds it. */
export function receiptClaim(
  { chainId, client, jobId, programId }: Submission,
  { inputsRoot, traceRoot }: ClaimReceipt,
  position: number,
): Hash {
  const context = jobContext(chainId, client, jobId, position);
  return claimHash({ programId, inputsRoot, traceRoot, context });
}

/** Fetches a receipt and checks that its claims are the ones below the batch root. RESULT_MISMATCH if not. */
export async function fetchReceipt(storage: Contents, submission: Submission, signal?: AbortSignal): Promise<Receipt> {
  const receipt = readReceipt(await storage.getManifest(submission.receipt, { signal }));
  const claims = receipt.claims.map((claim, position) => {
    if (listRoot(valueRoots(claim)) !== claim.traceRoot) mismatch(`the value list of claim ${position}`);
    return receiptClaim(submission, claim, position);
  });
  if (listRoot(claims) !== submission.batchRoot) mismatch('the receipt');
  return receipt;
}

/**
 * Fetches the outputs of one claim and checks each against its committed root. RESULT_MISMATCH if one differs.
 * `numerics` is what the model's manifest says of them. What only blinds the trace is checked and left out.
 */
export async function fetchOutputs(
  storage: Contents,
  program: Program,
  claim: ClaimReceipt,
  signal?: AbortSignal,
  numerics?: NumericsManifest,
): Promise<Output[]> {
  const roots = valueRoots(claim);
  if (claim.outputs.length !== program.outputs.length) mismatch('the number of outputs');
  const outputs = await Promise.all(
    program.outputs.map(async ({ name, value }, i) => {
      const { type } = program.values[value];
      const bytes = await fetchTensor(storage, type, claim.outputs[i], signal);
      if (!bytes || commitTensor(type, bytes).root !== roots[value]) return mismatch(`output ${name}`);
      const drift = driftOfOutput(program, name, numerics);
      return { name, data: decodeTensor(type, bytes), dims: type.dims, drift };
    }),
  );
  return outputs.filter(({ name }) => name !== BLINDED);
}

/** Fetches a job's receipt and all outputs, and checks that they are of this job's program and inputs. */
export async function fetchResult(
  { chainId, contracts, storage, models }: JobContext,
  jobId: Hash,
  { model, programId, inputsRoot, count }: Terms,
  submitted: Pick<Submission, 'batchRoot' | 'receipt'>,
  signal?: AbortSignal,
): Promise<Output[][]> {
  const { program, manifest } = await models.load(model, programId, signal);
  const client = await contracts.JobMarket.getAddress();
  const { claims } = await fetchReceipt(storage, { chainId, client, jobId, programId, ...submitted }, signal);
  if (BigInt(claims.length) !== count) mismatch('the number of claims');
  if (listRoot(claims.map((claim) => claim.inputsRoot)) !== inputsRoot) mismatch('the input that was run');
  return Promise.all(claims.map((claim) => fetchOutputs(storage, program, claim, signal, manifest.numerics)));
}
