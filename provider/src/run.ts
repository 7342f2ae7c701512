import { type Identity, runDaemon, type Secrets } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import { Answerer } from './answerer.ts';
import { openShop } from './open-shop.ts';
import type { ProviderOptions, providerTable } from './options.ts';
import { Provider } from './provider.ts';
import { sponsoring } from './sponsor/sponsoring.ts';
import { runSource } from './training/recall.ts';
import { Trainer } from './training/trainer.ts';

/** Sells inference and training and answers for it until it is told to stop. OPTION_MISSING */
export function runProvider(
  identity: Identity<typeof providerTable>,
  options: ProviderOptions,
  secrets: Secrets,
): Promise<void> {
  if (options.fee.length === 0 && options.train.length === 0) {
    throw new EssaimError('OPTION_MISSING', 'nothing to do: neither jobs nor runs of training', {
      help: 'give --fee TOKEN=LEAST to sell inference, --train TOKEN=LEAST to train, or both',
    });
  }
  return runDaemon(identity, options, secrets, async ({ essaim, say, part }) => {
    const own = await openShop(essaim, options, say);
    const sponsor = await sponsoring(options, { essaim, own: own.trace, folder: own.folder, say });
    const shop = { ...own, trace: sponsor?.tracer ?? own.trace };
    const answerer = new Answerer(shop, [runSource(shop)]);
    const provider = new Provider(shop);
    const trainer = new Trainer(shop);
    await Promise.all([
      part('answers', (signal) => answerer.run(signal)),
      ...(options.fee.length > 0 ? [part('jobs', (signal) => provider.run(signal))] : []),
      ...(options.train.length > 0 ? [part('training', (signal) => trainer.run(signal))] : []),
      ...(sponsor ? [part('tabs', (signal) => sponsor.run(signal))] : []),
    ]);
    await Promise.all([own.pool.close(), ...shop.shards.map((shard) => shard.close())]);
  });
}
