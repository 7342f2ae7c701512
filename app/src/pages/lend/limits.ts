import type { About } from '@essaim/provider/browser';
import { parseUnits } from 'ethers';

/** What the form holds, as typed. */
export interface Wishes {
  readonly hours: string;
  readonly amount: string;
  readonly whenHidden: boolean;
  readonly onBattery: boolean;
  readonly belowBattery: string;
  readonly watts: string;
}

export const FIRST: Wishes = {
  ...{ hours: '4', amount: '10', whenHidden: false, onBattery: true, belowBattery: '30', watts: '8' },
};

/** An amount as typed, in smallest units; null where it is none. */
export function amountOf(text: string, decimals: number): bigint | null {
  try {
    const amount = parseUnits(text.trim(), decimals);
    return amount > 0n ? amount : null;
  } catch {
    return null;
  }
}

/** Why it cannot start with these wishes; undefined if it can. */
export function whyNot(wishes: Wishes, about: About | undefined, decimals: number): string | undefined {
  const [hours, battery, watts] = [wishes.hours, wishes.belowBattery, wishes.watts].map(Number);
  if (!about) return 'First a sponsor has to answer.';
  const longest = about.longest / 3_600;
  if (!(hours > 0 && hours <= longest)) return `Give a time of at most ${longest} hours.`;
  const amount = amountOf(wishes.amount, decimals);
  if (amount === null) return 'Give an amount above zero.';
  if (amount < BigInt(about.pay)) return 'The amount is below the pay of one execution: it would allow no work.';
  if (wishes.onBattery && !(battery >= 1 && battery <= 99)) return 'Give the battery’s charge as 1 to 99 percent.';
  if (!(watts > 0 && watts <= 500)) return 'Give the power of one busy core as 1 to 500 watts.';
  return undefined;
}
