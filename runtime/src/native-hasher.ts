import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { type Hasher, hashChunks, wasmHasher } from '@essaim/protocol';

type HashPairs = (pairs: Uint8Array) => Uint8Array;

/** The native pair hasher, where this platform has a build of it. */
function nativePairs(): HashPairs | null {
  try {
    return (createRequire(import.meta.url)('@chainsafe/hashtree') as { hash: HashPairs }).hash;
  } catch {
    return null;
  }
}
const hashPairs = nativePairs();

/**
 * sha256 by the processor's own instructions: leaves one by one through node:crypto, nodes a whole layer at a time,
 * because a call costs as much as a hash.
 */
export const nativeHasher: Hasher = {
  leaves: (bytes) => hashChunks(bytes, (chunk) => crypto.hash('sha256', chunk, 'buffer')),
  nodes(pairs) {
    return hashPairs && pairs.length > 0 ? hashPairs(pairs) : wasmHasher.nodes(pairs);
  },
};
