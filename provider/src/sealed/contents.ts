import { EssaimError } from '@essaim/protocol';
import { jobContents, openJobKey, type Terms } from '@essaim/sdk';
import type { Contents } from '@essaim/storage';
import type { Shop } from '../shop.ts';

/**
 * Where a job's inputs are read and its result is put: the storage as it is, or sealed to the key that the requester sent
 * along. SEALING_KEY_MISSING; SEALED_… where the requester sealed to another key, or sealed garbage.
 */
export async function contentsOf(shop: Shop, terms: Terms, signal?: AbortSignal): Promise<Contents> {
  const { essaim, sealing } = shop;
  if (!terms.isSealed) return essaim.storage;
  if (!sealing) {
    throw new EssaimError('SEALING_KEY_MISSING', 'the job is sealed, and this provider has no key to open it with', {
      help: 'make and publish one with `essaim-provider sealing-key`',
    });
  }
  const market = await essaim.contracts.JobMarket.getAddress();
  const place = { chainId: essaim.deployment.chainId, market, terms };
  return jobContents(essaim.storage, place, await openJobKey(essaim.storage, place, sealing.privateKey, signal));
}
