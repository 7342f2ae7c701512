import { collectWaiting, connectTo, type Identity, need, requireAccount, type Secrets } from '@essaim/daemon';
import type { ProviderOptions, providerTable } from './options.ts';
import { readPrices } from './prices.ts';

/** Has paid out what waits for the account, fees in the tokens that it sells for among it. */
export async function collectEarned(
  { prefix }: Identity<typeof providerTable>,
  options: ProviderOptions,
  secrets: Secrets,
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const account = await requireAccount(values, secrets);
  const own = values.offers === undefined ? [] : readPrices(values.offers).map(({ token }) => token);
  const tokens = new Set([...values.fee.map(([token]) => token), ...own].map((token) => token.toLowerCase()));
  const essaim = await connectTo(values, (provider) => account.connect(provider));
  await collectWaiting(essaim, [...tokens]).finally(() => essaim.close());
}
