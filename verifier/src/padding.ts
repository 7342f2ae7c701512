import {
  type ChunkOpener,
  concat,
  depthOf,
  fromHex,
  type Hash,
  type Hasher,
  type ListOpener,
  layersOf,
  siblingsOf,
  toHex,
  zeroRoots,
} from '@essaim/protocol';
import { keccak256 } from 'ethers';

type NodeHash = (pairs: Uint8Array) => Uint8Array;

/**
 * The nodes that stand right of a tree's `count` leaves, level by level, as `siblings` of an opening of `positions` show
 * them. An honest tree has zeros there; whoever put something else must not escape by it.
 */
export function paddingOf(
  positions: readonly number[],
  count: number,
  siblings: readonly Uint8Array[],
  hash: NodeHash,
): Uint8Array[] {
  const padding = zeroRoots(depthOf(count), hash);
  let open = positions;
  let next = 0;
  for (let level = 0, real = count; level < depthOf(count); level++, real = Math.ceil(real / 2)) {
    const above: number[] = [];
    for (let i = 0; i < open.length; i++) {
      const index = open[i];
      if (index % 2 === 0 && open[i + 1] === index + 1) i++;
      else {
        if (index % 2 === 0 && index + 1 >= real) padding[level] = siblings[next];
        next++;
      }
      above.push(Math.floor(index / 2));
    }
    open = above;
  }
  return padding;
}

const keccakNodes: NodeHash = (pairs) =>
  concat(Array.from({ length: pairs.length / 64 }, (_, i) => fromHex(keccak256(pairs.subarray(64 * i, 64 * i + 64)))));

/** A chunk tree over `padded` bytes with these nodes right of its leaves. */
export function paddedChunks(padded: Uint8Array, padding: readonly Uint8Array[], hasher: Hasher): ChunkOpener {
  const layers = layersOf(hasher.leaves(padded), (pairs) => hasher.nodes(pairs), padding);
  return {
    root: toHex(layers[layers.length - 1]),
    chunk: (index) => padded.subarray(1024 * index, 1024 * (index + 1)),
    openings: (indices) => siblingsOf(layers, padding, indices),
  };
}

/** A list tree over `leaves` with the padding that an opening of its last leaves showed. */
export function paddedList(leaves: readonly Hash[], padding: readonly Uint8Array[]): ListOpener {
  const layers = layersOf(concat(leaves.map((leaf) => fromHex(leaf, 32))), keccakNodes, padding);
  const openings = (indices: readonly number[]) => siblingsOf(layers, padding, indices);
  return { root: toHex(layers[layers.length - 1]), openings, siblings: (index) => openings([index]) };
}

/** As `paddingOf`, for a list. */
export const listPaddingOf = (positions: readonly number[], count: number, siblings: readonly Uint8Array[]) =>
  paddingOf(positions, count, siblings, keccakNodes);
