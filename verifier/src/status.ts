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
import type { Essaim } from '@essaim/sdk';
import { formatEther } from 'ethers';
import type { VerifierSettings, verifierTable } from './options.ts';
import { verdictsOf } from './policy/attention-of.ts';

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
    tellLooks(essaim, values);
    await tellEarnings(essaim, address);
    await tellCosts(values, essaim, address);
  } finally {
    essaim.close();
  }
}

const DAY = 86_400;

/** Prints what was looked at and what not within a day, and by which rule. */
function tellLooks(essaim: Essaim, options: VerifierSettings): void {
  const { hourlyExecutions, hourlySeconds } = options;
  const bounds = [
    ...(hourlyExecutions === undefined ? [] : [`${hourlyExecutions} claims an hour`]),
    ...(hourlySeconds === undefined ? [] : [`${hourlySeconds} s an hour`]),
  ];
  const verdicts = verdictsOf(essaim, options);
  const since = Math.floor(Date.now() / 1_000) - DAY;
  const [checked, spared] = (['checked', 'spared'] as const).map((verdict) => verdicts.count(verdict, since));
  const rule = bounds.length === 0 ? 'everything is looked at' : `drawn, within ${bounds.join(' and ')}`;
  tell('looks', `${rule}; within a day ${checked} checked clean, ${spared} spared`);
}
