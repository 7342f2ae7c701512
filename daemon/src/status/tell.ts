import type { Essaim } from '@essaim/sdk';
import { Contract, formatEther, formatUnits } from 'ethers';
import { blockAt } from './block-at.ts';
import { type Earnings, earningsOf } from './earnings.ts';

const DAY = 86_400;

/** Prints a status line. */
export const tell = (what: string, found: string): void => console.log(`${what.padEnd(16)}  ${found}`);

/** Prints what an account has: coin for gas and MIEL. */
export async function tellAccount({ provider, contracts }: Essaim, account: string): Promise<void> {
  const { MielToken, StakeManager, Availability } = contracts;
  const [coin, miel, credit, coins] = await Promise.all([
    provider.getBalance(account),
    MielToken.balanceOf(account),
    StakeManager.credit(account),
    Availability.credit(account),
  ]);
  tell('account', `${account}: ${formatEther(coin)} coin, ${formatEther(miel)} MIEL`);
  if (credit > 0n) tell('bounties', `${formatEther(credit)} MIEL wait: collect`);
  if (coins > 0n) tell('bonds', `${formatEther(coins)} coin wait: collect`);
}

/** Prints what came in and what was lost, of the last day and of all time. */
export async function tellEarnings(essaim: Essaim, account: string): Promise<void> {
  const { provider, deployment } = essaim;
  const head = await provider.getBlock('latest');
  const dayBegan = await blockAt(provider, (head?.timestamp ?? 0) - DAY, deployment.startBlock);
  const spans: [string, number][] = [
    ['last day', dayBegan],
    ['all time', deployment.startBlock],
  ];
  for (const [span, from] of spans) tell(span, await sentence(essaim, await earningsOf(essaim, account, from)));
}

async function sentence({ provider }: Essaim, earned: Earnings): Promise<string> {
  const { jobs, paid, bounties, convictions, slashed, slashes, audits } = earned;
  const amounts = async (sums: ReadonlyMap<string, bigint>): Promise<string> =>
    (await Promise.all([...sums].map(([token, amount]) => named(provider, token, amount)))).join(', ') || 'nothing';
  return [
    `${jobs} jobs paid ${await amounts(paid)}`,
    `${convictions} convictions brought ${formatEther(bounties)} MIEL`,
    `audits paid ${await amounts(audits)}`,
    `${slashes} slashes took ${formatEther(slashed)} MIEL`,
  ].join('; ');
}

const TOKEN = ['function symbol() view returns (string)', 'function decimals() view returns (uint8)'];

async function named(provider: Essaim['provider'], token: string, amount: bigint): Promise<string> {
  try {
    const contract = new Contract(token, TOKEN, provider);
    const [symbol, decimals] = await Promise.all([contract.symbol(), contract.decimals()]);
    return `${formatUnits(amount, decimals)} ${symbol}`;
  } catch {
    // a token need not say its name
    return `${amount} of ${token}`;
  }
}
