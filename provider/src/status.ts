import { join } from 'node:path';
import {
  connectTo,
  folderOf,
  type Identity,
  need,
  requireAccount,
  type Secrets,
  tell,
  tellAccount,
  tellCosts,
  tellEarnings,
} from '@essaim/daemon';
import type { StakedFor, Staking } from '@essaim/sdk';
import { formatEther } from 'ethers';
import { tellJobs } from './held.ts';
import type { ProviderOptions, providerTable } from './options.ts';
import { QualificationRecords } from './qualified/records.ts';

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
    for (const what of ['jobs', 'training'] as const) await tellStake(essaim.staking, address, what);
    await tellJobs(essaim, address, values.data);
    tellQualified(values.data);
    for (const [token] of values.fee) {
      const owed = await essaim.contracts.JobMarket.owed(token, address);
      if (owed > 0n) tell('owed', `${owed} of ${token} wait: collect`);
    }
    await tellEarnings(essaim, address);
    await tellCosts(values, essaim, address);
  } finally {
    essaim.close();
  }
}

/** Prints what an account has at stake for jobs or for training, if anything. */
export async function tellStake(staking: Staking, account: string, what: StakedFor): Promise<void> {
  const { tokens, locked, thawing, held } = await staking.provision(account, what);
  if (tokens === 0n) return;
  const miel = [tokens, locked, thawing].map(formatEther);
  tell(`stake: ${what}`, `${miel[0]} MIEL, ${miel[1]} of it locked by ${held}, ${miel[2]} thawing`);
}

/** Prints which programs this device was tried on. */
function tellQualified(data: string): void {
  const records = new QualificationRecords(join(folderOf(data), 'qualified.json')).all();
  if (records.length === 0) return;
  const not = records.filter(({ isQualified }) => !isQualified);
  const names = not.map(({ programId, engine }) => `${programId} on ${engine}`).join(', ');
  tell('qualified', `for ${records.length - not.length} programs${not.length > 0 ? `, not for ${names}` : ''}`);
}
