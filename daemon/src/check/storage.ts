import { randomBytes } from 'node:crypto';
import type { Storage } from '@essaim/storage';
import { type Check, ok, wrong } from './check.ts';

/** Whether the storage takes a block and gives it back. */
export const storageCheck = (storage: Storage): Check => ({
  name: 'storage',
  async run() {
    const bytes = new Uint8Array(randomBytes(1_024));
    const began = performance.now();
    const cid = await storage.putBlock('raw', bytes);
    const back = await storage.getBlock(cid);
    const took = Math.round(performance.now() - began);
    return Buffer.from(back).equals(bytes)
      ? ok(`took a block of 1 KiB and gave it back in ${took} ms`)
      : wrong('it gave back other bytes than it took', 'use another IPFS node');
  },
});
