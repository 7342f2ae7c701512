import { EssaimError, type Hash, toHex } from '@essaim/protocol';
import type { Tracer } from '@essaim/runtime';
import { batchIdOf, type Essaim, encodeTerms, fetchInputs, findTerms, type Model, send, type Terms } from '@essaim/sdk';
import type { ContractTransaction, Signer, TransactionReceipt } from 'ethers';
import type { Charge } from './charge.ts';
import type { Told, VerifierEvent } from './events.ts';
import type { Purse } from './purse.ts';
import { served } from './served.ts';

/** A submission as the chain tells it. */
export interface Submitted {
  readonly jobId: Hash;
  readonly provider: string;
  readonly batchRoot: Hash;
  readonly receipt: Hash;
}

/** What a verifier works with. */
export interface Desk {
  readonly essaim: Essaim;
  readonly trace: Tracer;
  readonly say: (event: VerifierEvent) => void;
  /** Milliseconds for which content that is not served is waited for before it is demanded on chain. */
  readonly patience: number;
  /** What bonds of demands are paid from; without one they have no bound. */
  readonly purse?: Purse;
}

/** A batch of claims that is checked, whatever it is about. */
export interface Docket {
  readonly batchId: Hash;
  /** Root and count as Claims holds them. */
  readonly batch: { readonly root: Hash; readonly count: number };
  /** What every claim of it has to be of. */
  readonly programId: Hash;
  readonly model: Pick<Model, 'program' | 'onnx'>;
  /** For logs: what it is about, and whose it is. */
  readonly told: Told;
  /** Proves a fault that only the batch's client can see. */
  readonly proveForeign: (charge: Charge, salt: Hash) => Promise<ContractTransaction>;
  /** Makes the executor of the rejected batch pay. */
  readonly punish: () => Promise<ContractTransaction>;
}

/** Everything known about a submission before its executor is asked anything. */
export interface Case extends Submitted, Docket {
  /** The market's address. */
  readonly client: string;
  readonly terms: Terms;
  readonly model: Model;
  /** Row-major bytes by claim; null where nobody serves what the job commits to. */
  readonly inputs: readonly (readonly Uint8Array[])[] | null;
}

/** Reads what a submission is about: terms, batch, model and inputs, each checked against its commitment. */
export async function openCase(desk: Desk, submitted: Submitted, signal?: AbortSignal): Promise<Case> {
  const { essaim, say } = desk;
  const { contracts, deployment, models, storage } = essaim;
  const client = await contracts.JobMarket.getAddress();
  const batchId = batchIdOf(client, submitted.jobId);
  const { root, count } = await contracts.Claims.batch(batchId);
  const terms = await findTerms(contracts, submitted.jobId, deployment.startBlock);
  const model = await models.load(terms.model, terms.programId, signal);
  const found = await served(desk, () => fetchInputs(storage, model.program, terms, signal), signal);
  const { jobId, provider } = submitted;
  if ('missing' in found) say({ event: 'withheld', jobId, provider, what: `the inputs: ${found.missing}` });
  const inputs = 'content' in found ? found.content : null;
  return {
    ...submitted,
    ...docketOf(contracts, submitted, batchId, terms),
    ...{ batch: { root, count: Number(count) }, client, terms, model, inputs },
  };
}

/** What convicting a job's batch takes. */
export function docketOf(
  { JobMarket, Penalties }: Essaim['contracts'],
  { jobId, provider }: Pick<Submitted, 'jobId' | 'provider'>,
  batchId: Hash,
  terms: Terms,
): Omit<Docket, 'batch' | 'model'> {
  return {
    batchId,
    programId: terms.programId,
    told: { jobId, provider },
    proveForeign: ({ proof }, salt) => JobMarket.proveContext.populateTransaction(terms, toHex(proof), salt),
    punish: () => Penalties.collect.populateTransaction(batchId, encodeTerms(terms)),
  };
}

/** The account that challenges. WALLET_MISSING without one. */
export function accountOf({ essaim }: Pick<Desk, 'essaim'>): Signer {
  if (essaim.signer) return essaim.signer;
  throw new EssaimError('WALLET_MISSING', 'convicting needs an account that signs', { help: 'connect with a signer' });
}

/** Sends a transaction of the verifier's. */
export const act = (
  desk: Pick<Desk, 'essaim'>,
  call: ContractTransaction,
  doing: string,
  signal?: AbortSignal,
): Promise<TransactionReceipt> =>
  send(accountOf(desk), call, doing, { signal, interval: Math.min(250, desk.essaim.pollingInterval) });
