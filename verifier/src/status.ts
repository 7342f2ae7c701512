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
import { formatEther } from 'ethers';
import type { VerifierSettings, verifierTable } from './options.ts';

/** Prints what the account has, what its seat is, and what checking brought. */
export async function verifierStatus(
  { prefix }: Identity<typeof verifierTable>,
  options: VerifierSettings,
  secrets: Secrets,
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const { address } = await requireAccount(values, secrets);
  const essaim = await connectTo(values);
  try {
    await tellAccount(essaim, address);
    const { tokens, locked } = await essaim.staking.provision(address, 'audits');
    const seat = await essaim.audits.seat(address);
    if (tokens > 0n) tell('stake: audits', `${formatEther(tokens)} MIEL, ${formatEther(locked)} of it locked`);
    tell('seat', seat ? 'taken' : 'none');
    await tellEarnings(essaim, address);
    await tellCosts(values, essaim, address);
  } finally {
    essaim.close();
  }
}
