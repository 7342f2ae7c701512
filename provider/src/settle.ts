import { batchIdOf, ClaimState, settleDemands, type Terms } from '@essaim/sdk';
import { atOneBlock, batchState } from '@essaim/sdk/node';
import { accountOf, act, type Shop } from './shop.ts';

/** What became of a submitted job: `until`: nothing can happen before this chain time, unless it is rejected. */
export type Settlement = { readonly ended: true } | { readonly ended: false; readonly until: number };

/** Fetches what demands owe, withdraws what is final, and frees the disk. CHAIN_BEHIND */
export async function settle(shop: Shop, jobId: string, terms: Terms, signal?: AbortSignal): Promise<Settlement> {
  const { essaim, archive, say } = shop;
  const { Claims, JobMarket, ProtocolParameters } = essaim.contracts;
  const batchId = batchIdOf(await JobMarket.getAddress(), jobId);
  const [state, { time, epoch, blockNumber }] = await atOneBlock(essaim.provider, () =>
    Promise.all([batchState(essaim.contracts, batchId, `the batch of job ${jobId}`), Claims.batch(batchId)]),
  );
  if (state === ClaimState.Pending) {
    const { windowSeconds } = await ProtocolParameters.claimRules(epoch);
    return { ended: false, until: Number(time + windowSeconds) };
  }
  const account = await accountOf(shop).getAddress();
  const since = Math.max(essaim.deployment.startBlock, Number(blockNumber));
  // before the pay: after it nobody looks at the job again
  await settleDemands(essaim, batchId, since, account, signal);
  if (state === ClaimState.Rejected) say({ event: 'rejected', jobId });
  if (state === ClaimState.Final) {
    const call = await JobMarket.withdraw.populateTransaction(terms);
    await act(shop, call, `withdrawing the pay of job ${jobId}`, signal);
    say({ event: 'paid', jobId });
  }
  await archive.release(jobId);
  return { ended: true };
}
