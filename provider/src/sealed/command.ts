import { connectTo, type Identity, need, requireAccount, type Secrets } from '@essaim/daemon';
import { toHex } from '@essaim/protocol';
import type { ProviderOptions, providerTable } from '../options.ts';
import { madeSealingKey } from './own-key.ts';

/** Makes the key that jobs are sealed to unless there is one, and publishes it with the account's agent. */
export async function publishSealingKey(
  { prefix }: Identity<typeof providerTable>,
  options: ProviderOptions,
  secrets: Secrets,
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const account = await requireAccount(values, secrets);
  const { publicKey } = await madeSealingKey(values, secrets);
  const essaim = await connectTo(values, (provider) => account.connect(provider));
  try {
    const agent = await essaim.agents.publishSealingKey(publicKey);
    console.log(JSON.stringify({ account: account.address, agent: String(agent), publicKey: toHex(publicKey) }));
  } finally {
    essaim.close();
  }
}
