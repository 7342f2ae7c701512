import type { Storage } from '@essaim/storage';
import { once, part } from '../part.ts';

/** Storage on the IPFS node at an address, whose client is loaded with the first call. A plain object, to be spread into one's own. */
export function storageAt(url: string): Storage {
  const node = part<Storage>(once(async () => (await import('@essaim/storage')).ipfsStorage({ url })));
  const { put, get, putBlock, getBlock, putManifest, getManifest, pin, unpin, has } = node;
  return { put, get, putBlock, getBlock, putManifest, getManifest, pin, unpin, has };
}
