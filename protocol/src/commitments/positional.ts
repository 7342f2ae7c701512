/** Positional binary trees over 32-byte nodes; a layer is one flat array, absent nodes are the zero subtree's root. */
export type Layer = Uint8Array;
/** Hashes pairs of nodes; `height` is that of the nodes above the leaves. */
export type NodeHash = (pairs: Uint8Array, height: number) => Uint8Array;

/** ceil(log2(max(count, 1))). */
export function depthOf(count: number): number {
  let depth = 0;
  while (2 ** depth < count) depth++;
  return depth;
}

/** Roots of all-zero subtrees by height. */
export function zeroRoots(depth: number, hash: NodeHash): Uint8Array[] {
  const roots: Uint8Array[] = [new Uint8Array(32)];
  for (let d = 0; d < depth; d++) {
    const pair = new Uint8Array(64);
    pair.set(roots[d], 0);
    pair.set(roots[d], 32);
    roots.push(hash(pair, d));
  }
  return roots;
}

/** All layers from the leaves (first) to the root (last); a layer holds only nodes above a real leaf. */
export function layersOf(leaves: Layer, hash: NodeHash, zeros: readonly Uint8Array[]): Layer[] {
  const layers = [leaves];
  for (let d = 0; d < depthOf(leaves.length / 32); d++) {
    let pairs = layers[d];
    if (pairs.length % 64 !== 0) {
      const even = new Uint8Array(pairs.length + 32);
      even.set(pairs);
      even.set(zeros[d], pairs.length);
      pairs = even;
    }
    layers.push(hash(pairs, d));
  }
  return layers;
}

/** Node `index` of a layer; beyond its end the zero subtree's root. */
export const nodeAt = (layer: Layer, zero: Uint8Array, index: number): Uint8Array =>
  index * 32 < layer.length ? layer.subarray(index * 32, index * 32 + 32) : zero;

/**
 * Siblings that open the leaves at the sorted, distinct `indices`, level by level from the leaves: for an odd node its
 * left sibling; for an even one nothing if its right neighbour is opened too, else its right sibling.
 */
export function siblingsAt(
  depth: number,
  indices: readonly number[],
  node: (height: number, index: number) => Uint8Array,
): Uint8Array[] {
  const out: Uint8Array[] = [];
  let open = indices;
  for (let d = 0; d < depth; d++) {
    const above: number[] = [];
    for (let i = 0; i < open.length; i++) {
      const index = open[i];
      if (index % 2 === 1) out.push(node(d, index - 1));
      else if (open[i + 1] === index + 1) i++;
      else out.push(node(d, index + 1));
      above.push(Math.floor(index / 2));
    }
    open = above;
  }
  return out;
}

/** As `siblingsAt`, in a tree whose layers are all held. */
export const siblingsOf = (layers: readonly Layer[], zeros: readonly Uint8Array[], indices: readonly number[]) =>
  siblingsAt(layers.length - 1, indices, (height, index) => nodeAt(layers[height], zeros[height], index));

/**
 * Root from opened leaves and `siblings` (as `siblingsOf` orders them) in a tree of `depth`; null if the siblings are
 * too few or too many, or if `indices` are not sorted, distinct and inside the tree.
 */
export function rootFrom(
  indices: readonly number[],
  leaves: readonly Uint8Array[],
  depth: number,
  siblings: readonly Uint8Array[],
  hash: NodeHash,
): Uint8Array | null {
  if (indices.length === 0 || indices.length !== leaves.length) return null;
  if (indices.some((index, i) => index >= 2 ** depth || (i > 0 && index <= indices[i - 1]))) return null;
  let open = indices.map((index, i) => ({ index, node: leaves[i] }));
  let next = 0;
  for (let d = 0; d < depth; d++) {
    const above: typeof open = [];
    for (let i = 0; i < open.length; i++) {
      const { index, node } = open[i];
      const odd = index % 2 === 1;
      const paired = !odd && open[i + 1]?.index === index + 1;
      if (!paired && next === siblings.length) return null;
      const other = paired ? open[++i].node : siblings[next++];
      const pair = new Uint8Array(64);
      pair.set(odd ? other : node, 0);
      pair.set(odd ? node : other, 32);
      above.push({ index: Math.floor(index / 2), node: hash(pair, d) });
    }
    open = above;
  }
  return next === siblings.length ? open[0].node : null;
}
