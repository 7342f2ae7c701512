import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { CHUNK, type Hasher, wasmHasher } from '@essaim/protocol';

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
 * because a call costs as much as a hash. Hashes come as strings of one character a byte: making those is cheaper than
 * making a buffer for each, by a third of the hash.
 */
export const nativeHasher: Hasher = {
  leaves(bytes) {
    const out = Buffer.alloc(32 * Math.ceil(bytes.length / CHUNK));
    for (let at = 0; at < bytes.length; at += CHUNK) {
      let chunk = bytes.subarray(at, at + CHUNK);
      if (chunk.length < CHUNK) {
        chunk = new Uint8Array(CHUNK);
        chunk.set(bytes.subarray(at));
      }
      out.write(crypto.hash('sha256', chunk, 'binary'), (32 * at) / CHUNK, 'latin1');
    }
    return new Uint8Array(out.buffer, out.byteOffset, out.length);
  },
  nodes(pairs) {
    return hashPairs && pairs.length > 0 ? hashPairs(pairs) : wasmHasher.nodes(pairs);
  },
};
