import type { Essaim } from '@essaim/sdk';
import { formatEther } from 'ethers';
import type { Journal } from '../journal/journal.ts';
import { bondsOut } from '../status/bonds.ts';
import type { Metrics } from './metrics.ts';

const DAY = 86_400_000;

/** What is measured of an account's costs. */
export interface CostParts {
  readonly essaim: Essaim;
  readonly account: string;
  readonly journal: Pick<Journal, 'spentSince'>;
  readonly metrics: Metrics;
  /** Caps, where there are any: wei of gas within a day, and of bonds at once. */
  readonly dailyGas?: bigint;
  readonly bondBudget?: bigint;
}

/** Measures, each time it is called, what an account spent within a day, and what of its caps is used. */
export function costGauges(parts: CostParts): () => Promise<void> {
  const { essaim, account, journal, metrics, dailyGas, bondBudget } = parts;
  const capped = (cap: string, used: bigint, most: bigint | undefined): void => {
    if (most !== undefined && most > 0n) metrics.set('essaim_cap_used_ratio', coin(used) / coin(most), { cap });
  };
  return async () => {
    const head = await essaim.provider.getBlock('latest');
    const gas = journal.spentSince(1_000 * (head?.timestamp ?? 0) - DAY);
    metrics.set('essaim_day_gas_coin', coin(gas));
    capped('daily-gas', gas, dailyGas);
    const bonds = await bondsOut(essaim, account);
    metrics.set('essaim_bonds_coin', coin(bonds));
    capped('bond-budget', bonds, bondBudget);
  };
}

const coin = (wei: bigint): number => Number(formatEther(wei));
