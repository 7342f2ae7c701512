import { EssaimError } from '@essaim/protocol';
import { Contract, type ContractTransaction, type Provider } from 'ethers';
import { chainFailure } from '../chain/reverts.ts';
import { unlessAborted } from '../chain/wait.ts';
import type { JobContext } from './context.ts';
import type { PreparedJob } from './request.ts';

const ERC20 = [
  'function allowance(address, address) view returns (uint256)',
  'function approve(address, uint256)',
  'function balanceOf(address) view returns (uint256)',
];

/** The transactions that post a job, in order: approvals where the allowance is short, then the job. */
export interface Posting {
  approvals: ContractTransaction[];
  post: ContractTransaction;
}

/** Plans the posting of a prepared job. TOKEN_INVALID if its token is none. */
export async function planPosting({ contracts, provider }: JobContext, { terms, cost }: PreparedJob): Promise<Posting> {
  const { JobMarket } = contracts;
  const token = new Contract(terms.token, ERC20, provider);
  const market = await JobMarket.getAddress();
  const allowance = await readToken(() => token.allowance(terms.requester, market), terms.token);
  const post = await JobMarket.post.populateTransaction(terms);
  if (allowance >= cost) return { approvals: [], post };
  const approve = (amount: bigint) => token.approve.populateTransaction(market, amount);
  const approval = await approve(cost);
  const direct = allowance === 0n || (await goesThrough(provider, approval, terms.requester));
  return { approvals: direct ? [approval] : [await approve(0n), approval], post };
}

/**
 * Tries a posting against the chain's present state and throws what would refuse it: WALLET_TOKENS, TOKEN_INVALID, or
 * the contract's own error (`JobMarket_Paused`, `JobMarket_Barred`, `JobMarket_Royalty`, …).
 */
export async function tryPosting(context: JobContext, job: PreparedJob, signal?: AbortSignal): Promise<Posting> {
  return unlessAborted(attempt(context, job), signal);
}

async function attempt(context: JobContext, job: PreparedJob): Promise<Posting> {
  const { provider } = context;
  const { terms, cost } = job;
  const token = new Contract(terms.token, ERC20, provider);
  const balance = await readToken(() => token.balanceOf(terms.requester), terms.token);
  const posting = await planPosting(context, job);
  try {
    await provider.call({ ...posting.post, from: terms.requester });
  } catch (cause) {
    const error = await chainFailure(cause, 'posting the job');
    // The market takes the money last: a refusal by the token, while the approval is still to come, says that every
    // rule of the market was kept.
    const unpaid = posting.approvals.length > 0 || balance < cost;
    if (!isTokens(error) || !unpaid) throw error;
  }
  if (balance >= cost) return posting;
  throw new EssaimError('WALLET_TOKENS', `the job costs ${cost}, the account holds ${balance}`, {
    help: `send it ${cost - balance} more of the token ${terms.token}`,
    details: { cost, balance, token: terms.token },
  });
}

/** Whether a token refused, as against a contract of the protocol or the endpoint. */
const isTokens = ({ code }: EssaimError): boolean =>
  code === 'CHAIN_REVERTED' || code.startsWith('ERC20') || code === 'SafeERC20FailedOperation';

async function goesThrough(provider: Provider, call: ContractTransaction, from: string): Promise<boolean> {
  return provider.call({ ...call, from }).then(
    () => true,
    () => false,
  );
}

async function readToken(read: () => Promise<unknown>, token: string): Promise<bigint> {
  try {
    return (await read()) as bigint;
  } catch (cause) {
    const error = await chainFailure(cause, 'asking the token');
    if (error.code !== 'CHAIN_REVERTED' && !/BAD_DATA/.test(String(cause))) throw error;
    throw new EssaimError('TOKEN_INVALID', `there is no ERC-20 token at ${token}`, {
      help: 'give the address of the token that fee and royalty are paid in, on this chain',
      cause,
      details: { token },
    });
  }
}
