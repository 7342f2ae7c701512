import type { Essaim, Offer } from '@essaim/sdk';
import { pause } from '@essaim/sdk';
import type { Capacity } from '../capacity/capacity.ts';
import type { ProviderEvent } from '../events.ts';
import type { ProviderOptions } from '../options.ts';
import type { Policy } from '../policy.ts';
import { makeOffer } from './offer.ts';
import type { Quotes } from './quotes.ts';
import { ShopServer } from './server.ts';

/** Seconds for which a served offer holds, and milliseconds after which it is made anew. */
const HOLDS = 86_400;
const FRESH = 600_000;

interface Parts {
  readonly essaim: Essaim;
  readonly policy: Policy;
  readonly capacity: Capacity;
  readonly quotes: Quotes;
  readonly say: (event: ProviderEvent) => void;
}

/** Serves offers and quotes until the signal is aborted; nothing where no address is given. LISTEN_FAILED */
export async function serveOffers(
  parts: Parts,
  { shop, shopUrl }: ProviderOptions,
  signal: AbortSignal,
): Promise<void> {
  if (!shop) return;
  let url = shopUrl ?? '';
  let made: { at: number; offer: Promise<Offer> } | undefined;
  const offer = (): Promise<Offer> => {
    if (!made || performance.now() - made.at > FRESH) {
      made = { at: performance.now(), offer: makeOffer({ ...parts, url }, HOLDS) };
      made.offer.catch(() => {
        made = undefined;
      });
    }
    return made.offer;
  };
  const server = new ShopServer({ ...shop, offer, quotes: parts.quotes, say: parts.say });
  const listens = await server.listen();
  url ||= listens;
  parts.say({ event: 'serving', url: listens });
  await pause(2 ** 31 - 1, signal).catch(() => undefined);
  await server.close();
}
