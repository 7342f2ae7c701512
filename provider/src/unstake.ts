import { connectTo, type Identity, need, requireAccount, type Secrets, tell } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import { formatEther } from 'ethers';
import type { ProviderOptions, providerTable } from './options.ts';

/** Takes the next step to have stake back, and says when there is another one. OPTION_INVALID, StakeManager_Bound */
export async function unstakeMiel(
  { prefix }: Identity<typeof providerTable>,
  options: ProviderOptions,
  secrets: Secrets,
  what = 'jobs',
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  if (what !== 'jobs' && what !== 'training') {
    throw new EssaimError('OPTION_INVALID', `nothing is staked for "${what}"`, {
      help: 'unstake, or unstake training',
    });
  }
  const account = await requireAccount(values, secrets);
  const essaim = await connectTo(values, (provider) => account.connect(provider));
  try {
    const { locked, thawing, unbonding, paid, next } = await essaim.staking.takeBack(what);
    const miel = (amount: bigint): string => `${formatEther(amount)} MIEL`;
    if (locked > 0n) tell('locked', `${miel(locked)} until what they stand for is final: unstake again then`);
    if (thawing > 0n) tell('thawing', `${miel(thawing)}, and then they unbond`);
    if (unbonding > 0n) tell('unbonding', `${miel(unbonding)}, and then they are paid out`);
    if (paid > 0n) tell('paid out', miel(paid));
    if (next !== null) tell('next step', `unstake again from ${new Date(1_000 * next).toISOString()} on`);
    else if (locked === 0n) tell('unstake', 'nothing more is at stake');
  } finally {
    essaim.close();
  }
}
