import { coin, connectTo, type Identity, need, requireAccount, type Secrets } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import { formatEther } from 'ethers';
import type { ProviderOptions, providerTable } from './options.ts';
import { tellStake } from './status.ts';

/** Stakes MIEL that the account has, and grants it to the job market or to runs of training. OPTION_INVALID, STAKE_SHORT */
export async function stakeMiel(
  { prefix }: Identity<typeof providerTable>,
  options: ProviderOptions,
  secrets: Secrets,
  miel: string,
  what = 'jobs',
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const amount = coin.safeParse(miel);
  if (!amount.success || amount.data === 0n || (what !== 'jobs' && what !== 'training')) {
    throw new EssaimError('OPTION_INVALID', `"${miel} ${what}" is no stake`, {
      help: 'stake 5000, or stake 5000 training',
    });
  }
  const account = await requireAccount(values, secrets);
  const essaim = await connectTo(values, (provider) => account.connect(provider));
  try {
    const there = await essaim.contracts.MielToken.balanceOf(account.address);
    if (there < amount.data) {
      throw new EssaimError('STAKE_SHORT', `${account.address} has ${formatEther(there)} MIEL`, {
        help: `send it ${formatEther(amount.data - there)} more, or stake less`,
      });
    }
    await essaim.staking.provide(amount.data, undefined, what);
    await tellStake(essaim, account.address, what);
  } finally {
    essaim.close();
  }
}
