import type { Essaim } from '@essaim/sdk';
import { formatEther } from 'ethers';
import { gasSpent } from '../journal/journal.ts';
import { accountFolder, journalFile } from '../journal/open-sender.ts';
import { type costTable, folderOf } from '../options/common.ts';
import type { ValuesOf } from '../options/option.ts';
import { tell } from './tell.ts';

const DAY = 86_400_000;
const HOURS = 24;

/** Prints what an account spent on gas, as this disk's journal knows it, and what power costs. */
export async function tellCosts(
  { data, watts, powerPrice, dailyGas }: ValuesOf<typeof costTable> & { data: string },
  { provider, deployment }: Essaim,
  account: string,
): Promise<void> {
  const file = await journalFile(accountFolder(folderOf(data), deployment.chainId, account), provider);
  const [day, all] = [gasSpent(file, Date.now() - DAY), gasSpent(file, 0)].map(formatEther);
  const budget = dailyGas === undefined ? '' : `, of ${formatEther(dailyGas)} that it may`;
  tell('gas', `${day} coin within a day${budget}, ${all} since this journal began`);
  if (watts === undefined) return;
  const energy = (watts * HOURS) / 1_000;
  const price = powerPrice === undefined ? '' : `, which cost ${(energy * powerPrice).toFixed(2)}`;
  tell('power', `${energy.toFixed(1)} kWh a day${price}`);
}
