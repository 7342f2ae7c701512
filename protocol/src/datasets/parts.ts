import { type Hash, toHex, ZERO_HASH } from '../commitments/bytes.ts';
import { CHUNK, wasmHasher } from '../commitments/hasher.ts';
import { depthOf, type Layer, layersOf, zeroRoots } from '../commitments/positional.ts';
import { chunkCount } from '../commitments/tensor.ts';

/** Height of the subtree over one part of a column. */
export const PART_HEIGHT = 16;
/** Chunks in a part; only a column's last part may have fewer. */
export const PART_CHUNKS = 2 ** PART_HEIGHT;
/** A column is stored in files of this many bytes, so that versions share all but the last. */
export const PART_BYTES = PART_CHUNKS * CHUNK;

export const ZEROS = zeroRoots(22, wasmHasher.nodes);

/** Parts of a column of `bytes` bytes. */
export const partCount = (bytes: number): number => Math.ceil(bytes / PART_BYTES);

/** Bytes of part `part` of a column of `bytes` bytes. */
export const partBytes = (bytes: number, part: number): number => Math.min(PART_BYTES, bytes - part * PART_BYTES);

/**
 * Layers of a column's tree from the parts up: a part's root is that of the tree over its own chunks, and a last part
 * with fewer chunks is extended with empty subtrees where there are others.
 */
export function layersAbove(bytes: number, roots: readonly Uint8Array[]): Layer[] {
  const last = roots.length - 1;
  const joined = new Uint8Array(roots.length * 32);
  roots.forEach((root, i) => {
    joined.set(i === last && last > 0 ? extended(root, chunkCount(partBytes(bytes, last))) : root, i * 32);
  });
  return layersOf(joined, wasmHasher.nodes, ZEROS.slice(PART_HEIGHT));
}

/** Chunk root of a column of `bytes` bytes from its parts' roots. */
export function chunkRootOfParts(bytes: number, roots: readonly Uint8Array[]): Hash {
  if (roots.length === 0) return ZERO_HASH;
  return toHex(layersAbove(bytes, roots).at(-1)!);
}

/** The root over `chunks` chunks as a node at the height of a whole part. */
function extended(root: Uint8Array, chunks: number): Uint8Array {
  let node = root;
  for (let height = depthOf(chunks); height < PART_HEIGHT; height++) node = joinPair(node, ZEROS[height]);
  return node;
}

export function joinPair(left: Uint8Array, right: Uint8Array, hasher = wasmHasher): Uint8Array {
  const pair = new Uint8Array(64);
  pair.set(left, 0);
  pair.set(right, 32);
  return hasher.nodes(pair);
}
