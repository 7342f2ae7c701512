import { fromHex, type Hash, toHex, ZERO_HASH } from './bytes.ts';
import { keccakBytes } from './hasher.ts';
import { depthOf, type Layer, layersOf, rootFrom, siblingsOf, zeroRoots } from './positional.ts';

const ZEROS = zeroRoots(32, keccakBytes);

/** Whether a pair of nodes is twice the node given. */
function isTwice(pair: Uint8Array, node: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) if (pair[i] !== node[i] || pair[32 + i] !== node[i]) return false;
  return true;
}

/** Empty subtrees are not hashed: most values of a trace are inner. */
const keccakNodes = (pairs: Uint8Array, height: number): Uint8Array => {
  const out = new Uint8Array(pairs.length / 2);
  for (let i = 0; i < pairs.length; i += 64) {
    const pair = pairs.subarray(i, i + 64);
    out.set(isTwice(pair, ZEROS[height]) ? ZEROS[height + 1] : keccakBytes(pair), i / 2);
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
    const nodes = new Uint8Array(32 * leaves.length);
    for (const [i, leaf] of leaves.entries()) if (leaf !== ZERO_HASH) nodes.set(fromHex(leaf, 32), 32 * i);
    this.#layers = layersOf(nodes, keccakNodes, ZEROS);
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
