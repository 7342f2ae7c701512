import type { Secrets } from '@essaim/daemon';
import { toHex } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import type { ProviderOptions } from '../options.ts';
import { madeSealingKey } from './own-key.ts';

/** Makes the key that jobs are sealed to unless there is one, and publishes it with the account's agent. */
export async function publishSealingKey(
  { agents, signer }: Essaim,
  options: ProviderOptions,
  secrets: Secrets,
): Promise<void> {
  const account = await signer!.getAddress();
  const { publicKey } = await madeSealingKey(options, secrets);
  const agent = await agents.publishSealingKey(publicKey);
  console.log(JSON.stringify({ account, agent: String(agent), publicKey: toHex(publicKey) }));
}
