import { EssaimError } from '@essaim/protocol';
import { type Essaim, jsonAt, type Registration, registrationWith } from '@essaim/sdk';
import { openShop } from '../open-shop.ts';
import type { ProviderOptions } from '../options.ts';
import { openSelling } from '../selling.ts';
import { makeOffer } from './offer.ts';

/** Seconds for which an offer that is only on storage holds. */
const STANDS = 30 * 86_400;

/**
 * Has requesters find what the account sells: its agent's registration file names where the offer is served, or the offer
 * itself on storage where none is. Registers an agent where the account is linked to none. AGENT_OTHERS
 */
export async function announce(essaim: Essaim, options: ProviderOptions): Promise<void> {
  const { agents, storage } = essaim;
  const self = await essaim.signer!.getAddress();
  const known = await agents.of(self);
  const { owner, uri } = known === null ? { owner: self, uri: '' } : await agents.get(known);
  if (owner.toLowerCase() !== self.toLowerCase()) {
    throw new EssaimError('AGENT_OTHERS', `agent ${known} belongs to ${owner}, who alone names its file`, {
      help: 'let its owner add the service to the file, or unlink the account to have an agent of its own',
      details: { agent: known, owner },
    });
  }
  const endpoint = options.shopUrl
    ? `${options.shopUrl.replace(/\/$/, '')}/offers`
    : await storedOffer(essaim, options);
  const other = uri === '' ? undefined : await jsonAt(uri, storage).catch(() => undefined);
  const file = registrationWith(endpoint, self, other as Partial<Registration> | undefined);
  const place = `ipfs://${await storage.put(new TextEncoder().encode(JSON.stringify(file)))}`;
  if (known !== null) await agents.move(known, place);
  const agent = known ?? (await agents.register(place));
  if (known === null) await agents.link(agent);
  console.log(`agent ${agent} leads to the offer of ${self} at ${endpoint}`);
}

async function storedOffer(essaim: Essaim, options: ProviderOptions): Promise<string> {
  const shop = await openShop(essaim, options, () => {});
  const offer = await makeOffer({ ...openSelling(shop, options), essaim, url: '' }, STANDS);
  await shop.pool.close();
  return `ipfs://${await essaim.storage.put(new TextEncoder().encode(JSON.stringify(offer)))}`;
}
