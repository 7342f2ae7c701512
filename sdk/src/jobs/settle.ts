import { EssaimError } from '@essaim/protocol';
import type { ContractTransaction } from 'ethers';
import { chainFailure } from '../chain/reverts.ts';
import { unlessAborted } from '../chain/wait.ts';
import type { JobContext } from './context.ts';
import { findTerms, type Terms } from './terms.ts';

/** A call that ends a job, and the escrow that leaves the market with it. */
export interface Settlement {
  transaction: ContractTransaction;
  amount: bigint;
}

const POSTED = 1n;

const escrow = ({ fee, royalty, count }: Terms): bigint => (fee + royalty) * count;

/** Takes the escrow back: of a job nobody accepted by cancelling it, else as a refund. */
export async function planRefund(context: JobContext, jobId: string): Promise<Settlement> {
  const { JobMarket } = context.contracts;
  const terms = await findTerms(context.contracts, jobId, context.startBlock);
  const { state } = await JobMarket.job(jobId);
  const method = state === POSTED ? JobMarket.cancel : JobMarket.refund;
  return { transaction: await method.populateTransaction(terms), amount: escrow(terms) };
}

/** Pays the provider before the window ends. */
export async function planRelease(context: JobContext, jobId: string): Promise<Settlement> {
  const terms = await findTerms(context.contracts, jobId, context.startBlock);
  const transaction = await context.contracts.JobMarket.release.populateTransaction(terms);
  return { transaction, amount: escrow(terms) };
}

/** Tries a settlement against the chain's present state, as the connected account; returns its amount. */
export async function trySettlement(
  { provider, signer }: JobContext,
  settlement: Promise<Settlement>,
  doing: string,
  signal?: AbortSignal,
): Promise<bigint> {
  const attempt = async () => {
    try {
      const { transaction, amount } = await settlement;
      await provider.call({ ...transaction, from: await signer?.getAddress() });
      return amount;
    } catch (cause) {
      throw cause instanceof EssaimError ? cause : await chainFailure(cause, doing);
    }
  };
  return unlessAborted(attempt(), signal);
}
