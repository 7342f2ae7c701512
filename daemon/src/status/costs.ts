import type { Essaim } from '@essaim/sdk';
import { formatEther } from 'ethers';
import { energyOfDay } from '../journal/energy.ts';
import { gasSpent } from '../journal/journal.ts';
import { accountFolder, journalFile } from '../journal/open-sender.ts';
import { type costTable, folderOf } from '../options/common.ts';
import type { ValuesOf } from '../options/option.ts';
import { bondsOut } from './bonds.ts';
import { powerNow } from './power.ts';
import { tell } from './tell.ts';

const DAY = 86_400_000;
/** Joules. */
const KILOWATT_HOUR = 3_600_000;

type Costs = ValuesOf<typeof costTable> & { data: string; bondBudget?: bigint };

/** Prints what an account spent on gas, as this disk's journal knows it, what of its caps is used, and what its power cost. */
export async function tellCosts(options: Costs, essaim: Essaim, account: string): Promise<void> {
  const { data, watts, powerPrice, dailyGas, bondBudget } = options;
  const { provider, deployment } = essaim;
  const file = await journalFile(accountFolder(folderOf(data), deployment.chainId, account), provider);
  const head = await provider.getBlock('latest');
  const [day, all] = [gasSpent(file, 1_000 * (head?.timestamp ?? 0) - DAY), gasSpent(file, 0)];
  tell(
    'gas',
    `${formatEther(day)} coin within a day${ofCap(day, dailyGas)}, ${formatEther(all)} since this journal began`,
  );
  const bonds = await bondsOut(essaim, account);
  if (bonds > 0n || bondBudget !== undefined) {
    tell('bonds out', `${formatEther(bonds)} coin${ofCap(bonds, bondBudget)}`);
  }
  const power = await powerNow(watts);
  const { joules, seconds } = energyOfDay(file);
  if (power.size === 0 && seconds === 0)
    return tell('power', 'not readable here; --watts says what this machine draws');
  const energy = joules / KILOWATT_HOUR;
  const price = powerPrice === undefined ? '' : `, which cost ${(energy * powerPrice).toFixed(2)}`;
  const parts = [...power].map(([source, drawn]) => `${source} ${drawn.toFixed(0)} W`).join(', ') || 'not readable';
  const hours = (seconds / 3_600).toFixed(1);
  tell('power', `${energy.toFixed(2)} kWh within a day, of which ${hours} h were measured${price}; now ${parts}`);
}

/** How much of a cap is used, in words. */
function ofCap(used: bigint, cap: bigint | undefined): string {
  if (cap === undefined) return '';
  const share = cap === 0n ? 100 : Number((1_000n * used) / cap) / 10;
  return `, ${share} % of the ${formatEther(cap)} that it may`;
}
