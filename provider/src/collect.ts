import { collectWaiting } from '@essaim/daemon';
import type { Essaim } from '@essaim/sdk';
import type { ProviderOptions } from './options.ts';
import { readPrices } from './prices.ts';

/** Has paid out what waits for the account, fees in the tokens that it sells for among it. */
export function collectEarned(essaim: Essaim, { fee, offers }: ProviderOptions): Promise<void> {
  const own = offers === undefined ? [] : readPrices(offers).map(({ token }) => token);
  const tokens = new Set([...fee.map(([token]) => token), ...own].map((token) => token.toLowerCase()));
  return collectWaiting(essaim, [...tokens]);
}
