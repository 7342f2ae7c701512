import { digest, hashInto } from '@chainsafe/as-sha256';
import { getBytes, keccak256 } from 'ethers';

/** Bytes of a chunk: a leaf of a tensor's tree. */
export const CHUNK = 1024;

/** sha256 in bulk. Implementations may differ in speed only. */
export interface Hasher {
  /** sha256 of each 1,024-byte chunk of `bytes`, the last one padded with zeros, one after the other. */
  leaves(bytes: Uint8Array): Uint8Array;
  /** sha256 of each 64-byte pair of hashes in `pairs`, one after the other. */
  nodes(pairs: Uint8Array): Uint8Array;
}

/** Calls `hash` on every chunk of `bytes`, the last one padded with zeros, and gathers the hashes. */
export function hashChunks(bytes: Uint8Array, hash: (chunk: Uint8Array) => Uint8Array): Uint8Array {
  const count = Math.ceil(bytes.length / CHUNK);
  const out = new Uint8Array(count * 32);
  for (let i = 0; i < count; i++) {
    let chunk = bytes.subarray(i * CHUNK, (i + 1) * CHUNK);
    if (chunk.length < CHUNK) {
      const padded = new Uint8Array(CHUNK);
      padded.set(chunk);
      chunk = padded;
    }
    out.set(hash(chunk), i * 32);
  }
  return out;
}

/** WebAssembly sha256: runs in a browser and in Node. */
export const wasmHasher: Hasher = {
  leaves: (bytes) => hashChunks(bytes, digest),
  nodes(pairs) {
    const out = new Uint8Array(pairs.length / 2);
    if (pairs.length > 0) hashInto(pairs, out);
    return out;
  },
};

let current: Hasher = wasmHasher;

/** The hasher that trees use where none is given. */
export const defaultHasher = (): Hasher => current;

/** Replaces the default hasher, for instance by one with hardware sha256; returns the former one. */
export function setDefaultHasher(hasher: Hasher): Hasher {
  const former = current;
  current = hasher;
  return former;
}

let keccak = (bytes: Uint8Array): Uint8Array => getBytes(keccak256(bytes));

/** keccak256 of some bytes, as bytes. */
export const keccakBytes = (bytes: Uint8Array): Uint8Array => keccak(bytes);

/** Has keccak256 of at most `longest` bytes made by `hash` from now on: here, and by ethers for everyone. */
export function setKeccak256(hash: (bytes: Uint8Array) => Uint8Array, longest: number): void {
  const { _: slow } = keccak256;
  keccak = (bytes) => (bytes.length <= longest ? hash(bytes) : getBytes(slow(bytes)));
  keccak256.register(keccak);
}
