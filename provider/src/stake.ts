import { coin } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import { formatEther } from 'ethers';
import { tellStake } from './status.ts';

/** Stakes MIEL that the account has, and grants it to the job market or to runs of training. OPTION_INVALID, STAKE_SHORT */
export async function stakeMiel({ contracts, signer, staking }: Essaim, miel: string, what = 'jobs'): Promise<void> {
  const amount = coin.safeParse(miel);
  if (!amount.success || amount.data === 0n || (what !== 'jobs' && what !== 'training')) {
    throw new EssaimError('OPTION_INVALID', `"${miel} ${what}" is no stake`, {
      help: 'stake 5000, or stake 5000 training',
    });
  }
  const account = await signer!.getAddress();
  const there = await contracts.MielToken.balanceOf(account);
  if (there < amount.data) {
    throw new EssaimError('STAKE_SHORT', `${account} has ${formatEther(there)} MIEL`, {
      help: `send it ${formatEther(amount.data - there)} more, or stake less`,
    });
  }
  await staking.provide(amount.data, undefined, what);
  await tellStake(staking, account, what);
}
