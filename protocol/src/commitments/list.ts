import { keccak256 } from 'ethers';
import { concat, fromHex, type Hash, toHex, ZERO_HASH } from './bytes.ts';
import { depthOf, type Layer, layersOf, rootFrom, siblingsOf, zeroRoots } from './positional.ts';

const keccakNodes = (pairs: Uint8Array): Uint8Array => {
  const out = new Uint8Array(pairs.length / 2);
  for (let i = 0; i < pairs.length; i += 64) out.set(fromHex(keccak256(pairs.subarray(i, i + 64))), i / 2);
  return out;
};
const ZEROS = zeroRoots(32, keccakNodes);

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
