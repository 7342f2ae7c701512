import type { Essaim, StakedFor } from '@essaim/sdk';
import { formatEther } from 'ethers';
import { blockAt } from '../status/block-at.ts';
import { earningsOf } from '../status/earnings.ts';
import type { Metrics } from './metrics.ts';

/** Cycles between two looks at what was earned: that takes a look at all events. */
const SELDOM = 10;
const DAY = 86_400;

/** Measures, each time it is called, what the chain says of an account: balance, stake, and now and then what it earned. */
export function chainGauges(essaim: Essaim, account: string, metrics: Metrics): () => Promise<void> {
  let turn = 0;
  return async () => {
    const { provider, deployment } = essaim;
    const head = await provider.getBlock('latest');
    if (head) {
      metrics.set('essaim_highest_block', head.number);
      metrics.set('essaim_block_age_seconds', Date.now() / 1_000 - head.timestamp);
    }
    metrics.set('essaim_balance_coin', miel(await provider.getBalance(account)));
    for (const what of ['jobs', 'training', 'audits'] satisfies StakedFor[]) {
      const { tokens, locked } = await essaim.staking.provision(account, what);
      metrics.set('essaim_stake_miel', miel(tokens), { for: what });
      metrics.set('essaim_stake_locked_miel', miel(locked), { for: what });
    }
    if (turn++ % SELDOM !== 0) return;
    const { jobs, paid, bounties, convictions, slashed } = await earningsOf(essaim, account, deployment.startBlock);
    metrics.set('essaim_jobs_paid', jobs);
    for (const [token, amount] of paid) metrics.set('essaim_paid_units', Number(amount), { token });
    metrics.set('essaim_bounties_miel', miel(bounties));
    metrics.set('essaim_convictions', convictions);
    metrics.set('essaim_slashed_miel', miel(slashed));
    const dayBegan = await blockAt(provider, (head?.timestamp ?? 0) - DAY, deployment.startBlock);
    const day = await earningsOf(essaim, account, dayBegan);
    // a token that paid before and not within the day is told as nothing
    for (const token of paid.keys()) metrics.set('essaim_day_paid_units', Number(day.paid.get(token) ?? 0n), { token });
    metrics.set('essaim_day_bounties_miel', miel(day.bounties));
    metrics.set('essaim_day_slashed_miel', miel(day.slashed));
  };
}

const miel = (wei: bigint): number => Number(formatEther(wei));
