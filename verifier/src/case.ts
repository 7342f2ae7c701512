import { EssaimError, type Hash } from '@essaim/protocol';
import type { Tracer } from '@essaim/runtime';
import { batchIdOf, type Essaim, fetchInputs, findTerms, type Model, send, type Terms } from '@essaim/sdk';
import { behind } from '@essaim/sdk/node';
import type { ContractTransaction, Signer, TransactionReceipt } from 'ethers';
import type { CaseBudget } from './case-budget.ts';
import type { Consent } from './consent.ts';
import { type Docket, docketOf } from './docket.ts';
import type { VerifierEvent } from './events.ts';
import type { Rest } from './places.ts';
import type { Purse } from './purse.ts';
import { contentsOf } from './sealed/contents.ts';
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
  /** Bounds what one case may cost; without one it has no bound. */
  readonly budget?: CaseBudget;
  /** Asked before anything is done in the account's name; without it everything is. */
  readonly consent?: Consent;
  /** Keys of sealed jobs that were handed over, by job. */
  readonly keys?: ReadonlyMap<Hash, string>;
  /** Where a check waits for others, so that it keeps nobody from a place. */
  readonly rest?: Rest;
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

/** Reads what a submission is about: terms, batch, model and inputs, each checked against its commitment. JOB_SEALED */
export async function openCase(desk: Desk, submitted: Submitted, signal?: AbortSignal): Promise<Case> {
  const { essaim, say } = desk;
  const { contracts, deployment, models } = essaim;
  const client = await contracts.JobMarket.getAddress();
  const batchId = batchIdOf(client, submitted.jobId);
  const { root, count } = await contracts.Claims.batch(batchId);
  if (count === 0n) throw behind(`the batch of job ${submitted.jobId}`);
  const terms = await findTerms(contracts, submitted.jobId, deployment.startBlock);
  const contents = await contentsOf(desk, submitted.jobId, client, terms);
  const model = await models.load(terms.model, terms.programId, signal);
  const found = await served(desk, () => fetchInputs(contents, model.program, terms, signal), signal);
  const { jobId, provider } = submitted;
  if ('missing' in found) say({ event: 'withheld', jobId, provider, what: `the inputs: ${found.missing}` });
  const inputs = 'content' in found ? found.content : null;
  return {
    ...submitted,
    ...docketOf(contracts, submitted, batchId, terms),
    ...{ batch: { root, count: Number(count) }, client, terms, model, inputs, contents },
  };
}

/** The account that challenges. WALLET_MISSING without one. */
export function accountOf({ essaim }: Pick<Desk, 'essaim'>): Signer {
  if (essaim.signer) return essaim.signer;
  throw new EssaimError('WALLET_MISSING', 'convicting needs an account that signs', { help: 'connect with a signer' });
}

/** Sends a transaction of the verifier's; `deadline` is the chain time, in seconds, by which it has to be in a block. */
export const act = (
  desk: Pick<Desk, 'essaim'>,
  call: ContractTransaction,
  doing: string,
  signal?: AbortSignal,
  deadline?: bigint,
): Promise<TransactionReceipt> =>
  send(accountOf(desk), call, doing, {
    signal,
    interval: Math.min(250, desk.essaim.pollingInterval),
    deadline: deadline === undefined ? undefined : Number(deadline),
  });

/** When a batch's window ends, in seconds of chain time. */
export async function windowEnd({ essaim }: Pick<Desk, 'essaim'>, batchId: Hash): Promise<bigint> {
  const { Claims, ProtocolParameters } = essaim.contracts;
  const { time, epoch } = await Claims.batch(batchId);
  return time + (await ProtocolParameters.claimRules(epoch)).windowSeconds;
}
