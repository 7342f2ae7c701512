import { keccak256 } from 'ethers';
import { concat, fromHex, type Hash, toHex, ZERO_HASH } from './bytes.ts';
import { depthOf, type Layer, layersOf, rootFrom, siblingsOf, zeroRoots } from './positional.ts';

const hashPair = (pair: Uint8Array): Uint8Array => fromHex(keccak256(pair));
const ZEROS = zeroRoots(32, hashPair);
const same = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i]);

/** Empty subtrees are not hashed: most values of a trace are inner. */
const keccakNodes = (pairs: Uint8Array, height: number): Uint8Array => {
  const out = new Uint8Array(pairs.length / 2);
  for (let i = 0; i < pairs.length; i += 64) {
    const pair = pairs.subarray(i, i + 64);
    const empty = same(pair.subarray(0, 32), ZEROS[height]) && same(pair.subarray(32), ZEROS[height]);
    out.set(empty ? ZEROS[height + 1] : hashPair(pair), i / 2);
  }
  return out;
};

/** Positional keccak256 tree over 32-byte roots, padded with zeros to a power of two. */
export class ListTree {
  readonly count: number;
  readonly depth: number;
  readonly root: Hash;
  readonly #layers: Layer[];

  constructor(leaves: readonly Hash[]) {
    this.count = leaves.length;
    this.depth = depthOf(this.count);
    this.#layers = layersOf(concat(leaves.map((leaf) => fromHex(leaf, 32))), keccakNodes, ZEROS);
    this.root = this.count === 0 ? ZERO_HASH : toHex(this.#layers[this.depth]);
  }

  /** The `depth` siblings of one position, from the leaf up. */
  siblings(index: number): Uint8Array[] {
    return this.openings([index]);
  }

  /** Siblings of several sorted, distinct positions at once. */
  openings(indices: readonly number[]): Uint8Array[] {
    return siblingsOf(this.#layers, ZEROS, indices);
  }
}

/** What opens a list: a ListTree, or one rebuilt from what an executor showed. */
export type ListOpener = Pick<ListTree, 'root' | 'siblings' | 'openings'>;

/** Root of a list. */
export const listRoot = (leaves: readonly Hash[]): Hash => new ListTree(leaves).root;

/** Root that one leaf, its position and its siblings give in a list of `count`; null if they don't fit. */
export function listRootFrom(leaf: Hash, index: number, count: number, siblings: readonly Uint8Array[]): Hash | null {
  if (index >= count) return null;
  const root = rootFrom([index], [fromHex(leaf, 32)], depthOf(count), siblings, keccakNodes);
  return root && toHex(root);
}

/** As `listRootFrom`, for neighbouring leaves from position `first` on. */
export function listRootFromRange(
  leaves: readonly Hash[],
  first: number,
  count: number,
  siblings: readonly Uint8Array[],
): Hash | null {
  if (first + leaves.length > count) return null;
  const positions = leaves.map((_, i) => first + i);
  const nodes = leaves.map((leaf) => fromHex(leaf, 32));
  const root = rootFrom(positions, nodes, depthOf(count), siblings, keccakNodes);
  return root && toHex(root);
}
