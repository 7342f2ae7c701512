import { tell } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import { formatEther } from 'ethers';

const miel = (amount: bigint): string => `${formatEther(amount)} MIEL`;

/** Takes the next step to have stake back, and says when there is another one. OPTION_INVALID */
export async function unstakeMiel({ staking }: Essaim, what = 'jobs'): Promise<void> {
  if (what !== 'jobs' && what !== 'training') {
    throw new EssaimError('OPTION_INVALID', `nothing is staked for "${what}"`, {
      help: 'unstake, or unstake training',
    });
  }
  const { locked, thawing, unbonding, bound, paid, next } = await staking.takeBack(what);
  if (locked > 0n) tell('locked', `${miel(locked)} until what they stand for is final: unstake again then`);
  if (thawing > 0n) tell('thawing', `${miel(thawing)}, and then they unbond`);
  if (unbonding > 0n) tell('unbonding', `${miel(unbonding)}, and then they are paid out`);
  if (bound > 0n) tell('bound', `${miel(bound)} by a grant that is earned day by day: unstake again later`);
  if (paid > 0n) tell('paid out', miel(paid));
  if (next !== null) tell('next step', `unstake again from ${new Date(1_000 * next).toISOString()} on`);
  else if (locked === 0n && bound === 0n) tell('unstake', 'nothing more is at stake');
}
