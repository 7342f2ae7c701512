import { concat, EssaimError, type Hash, ListTree, type RunTerms, toHex } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import { readRunManifest } from './manifests.ts';

/** An address as the list of those who may train holds it. */
export const trainerLeaf = (address: string): Hash => `0x${address.slice(2).toLowerCase().padStart(64, '0')}`;

/** An account's place among those who may train, and its proof. RUN_NOT_ALLOWED, RUN_MISMATCH */
export async function placeOf(
  storage: Storage,
  terms: RunTerms,
  account: string,
  signal?: AbortSignal,
): Promise<{ index: number; siblings: string }> {
  if (terms.trainers === 0) return { index: 0, siblings: '0x' };
  const { trainers } = readRunManifest(await storage.getManifest(terms.manifest, { signal }));
  const leaves = trainers.map(trainerLeaf);
  const list = new ListTree(leaves);
  if (leaves.length !== terms.trainers || list.root !== terms.trainersRoot) {
    throw new EssaimError('RUN_MISMATCH', 'the list of trainers that is served is not what the run’s terms commit to', {
      help: 'its initiator published something else: do not train it',
    });
  }
  const index = leaves.indexOf(trainerLeaf(account));
  if (index >= 0) return { index, siblings: toHex(concat(list.siblings(index))) };
  throw new EssaimError('RUN_NOT_ALLOWED', `${account} is not among those who may train this run`, {
    help: 'ask its initiator for a run that lists this account, or train another',
  });
}
