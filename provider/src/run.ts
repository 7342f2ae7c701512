import { type Daemon, type Identity, runDaemon, type Secrets } from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import { watch } from '@essaim/sdk/node';
import { Answerer } from './answerer.ts';
import { drainWhenTold } from './drain/drain.ts';
import { serveOffers } from './offers/serving.ts';
import { openShop } from './open-shop.ts';
import type { ProviderOptions, providerTable } from './options.ts';
import { Provider } from './provider.ts';
import { openSelling } from './selling.ts';
import { sellsInference } from './sells.ts';
import { sponsoring } from './sponsor/sponsoring.ts';
import { runSource } from './training/recall.ts';
import { Trainer } from './training/trainer.ts';

/** Sells inference and training and answers for it until it is told to stop. OPTION_MISSING */
export function runProvider(
  identity: Identity<typeof providerTable>,
  options: ProviderOptions,
  secrets: Secrets,
): Promise<void> {
  if (!sellsInference(options) && options.train.length === 0) {
    throw new EssaimError('OPTION_MISSING', 'nothing to do: neither jobs nor runs of training', {
      help: 'give --fee TOKEN=LEAST or --offers FILE to sell inference, --train TOKEN=LEAST to train, or both',
    });
  }
  return runDaemon(identity, options, secrets, (daemon) => work(daemon, options));
}

async function work({ essaim, say, part, signal, stop, metrics }: Daemon, options: ProviderOptions): Promise<void> {
  const leaving = stop.gracefully();
  const own = await openShop(essaim, options, say);
  const selling = openSelling(own, options);
  const sponsor = await sponsoring(options, { essaim, own: own.trace, folder: own.folder, say });
  const shop = { ...own, ...selling, own: own.trace, trace: sponsor?.tracer ?? own.trace };
  const answerer = new Answerer(shop, [runSource(shop)]);
  const provider = new Provider(shop);
  const trainer = new Trainer(shop);
  const sells = sellsInference(options);
  await Promise.all([
    drainWhenTold({
      ...{ essaim, stop, leaving, say, folder: own.folder, limit: options.drainLimit },
      held: () => (sells ? provider.held() : []),
      isAsked: () => answerer.isAsked,
    }),
    part('answers', (until) => answerer.run(until)),
    ...(sells ? [part('jobs', (until) => provider.run(until, leaving))] : []),
    ...(options.train.length > 0 ? [part('training', (until) => trainer.run(until), leaving)] : []),
    ...(sponsor ? [part('tabs', (until) => sponsor.run(until))] : []),
    ...(sells
      ? [
          watch(
            async () => measure(provider, metrics),
            MEASURES,
            signal,
            () => {},
          ),
        ]
      : []),
    ...(sells ? [serveOffers(shop, options, AbortSignal.any([signal, leaving]))] : []),
  ]);
  await shop.capacity.speeds.kept;
  await Promise.all([own.pool.close(), ...shop.shards.map((shard) => shard.close())]);
}

/** Milliseconds between two measurements. */
const MEASURES = 5_000;

function measure(provider: Provider, metrics: Daemon['metrics']): void {
  const held = provider.held() ?? [];
  for (const stage of ['accepted', 'submitted'] as const) {
    metrics.set('essaim_jobs_held', held.filter((job) => job.stage === stage).length, { stage });
  }
}
