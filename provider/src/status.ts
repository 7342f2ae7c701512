import {
  connectTo,
  type Identity,
  need,
  requireAccount,
  type Secrets,
  tell,
  tellAccount,
  tellCosts,
  tellEarnings,
} from '@essaim/daemon';
import { allLogs, type Essaim, JobState, type StakedFor } from '@essaim/sdk';
import { formatEther } from 'ethers';
import type { ProviderOptions, providerTable } from './options.ts';

/** Prints what the account has at stake, what is pending, and what came of the rest. */
export async function providerStatus(
  { prefix }: Identity<typeof providerTable>,
  options: ProviderOptions,
  secrets: Secrets,
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const { address } = await requireAccount(values, secrets);
  const essaim = await connectTo(values);
  try {
    await tellAccount(essaim, address);
    for (const what of ['jobs', 'training'] as const) await tellStake(essaim, address, what);
    await tellJobs(essaim, address);
    for (const [token] of values.fee) {
      const owed = await essaim.contracts.JobMarket.owed(token, address);
      if (owed > 0n) tell('owed', `${owed} of ${token} wait at the market (collect)`);
    }
    await tellEarnings(essaim, address);
    await tellCosts(values, essaim, address);
  } finally {
    essaim.close();
  }
}

async function tellStake({ staking }: Essaim, account: string, what: StakedFor): Promise<void> {
  const { tokens, locked, thawing, held } = await staking.provision(account, what);
  if (tokens === 0n) return;
  const miel = [tokens, locked, thawing].map(formatEther);
  tell(`stake: ${what}`, `${miel[0]} MIEL, ${miel[1]} of it locked by ${held}, ${miel[2]} thawing`);
}

/** Counts the jobs that the account accepted and that are not over, by what the chain says of them. */
async function tellJobs({ provider, contracts, deployment }: Essaim, account: string): Promise<void> {
  const { JobMarket } = contracts;
  const own = `0x${account.slice(2).toLowerCase().padStart(64, '0')}`;
  const accepted = await allLogs(provider, {
    address: await JobMarket.getAddress(),
    topics: [JobMarket.getEvent('Accepted').fragment.topicHash, null, own],
    fromBlock: deployment.startBlock,
  });
  const counts = new Map<bigint, number>();
  for (const jobId of new Set(accepted.map(({ topics }) => topics[1]))) {
    const { state, provider: by } = await JobMarket.job(jobId);
    if (by.toLowerCase() === account.toLowerCase()) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const of = (...states: bigint[]): number => states.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);
  const { Accepted, Submitted, Released, Paid, Unlocked, Refunded } = JobState;
  tell(
    'jobs',
    `${of(Accepted)} to run, ${of(Submitted, Released)} pending, ${of(Paid, Unlocked)} paid, ${of(Refunded)} refunded`,
  );
}
