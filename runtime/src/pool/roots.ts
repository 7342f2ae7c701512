import { type Hash, type Tensor, tensorRoot, toHex, ZERO_HASH, zeroRoots } from '@essaim/protocol';
import { nativeHasher } from '../native-hasher.ts';

const ZEROS = zeroRoots(22, nativeHasher.nodes);

/** Roots of many tensors at once. Their trees are hashed together, layer by layer: a call costs as much as several hashes. */
export function rootsOf(tensors: readonly Pick<Tensor, 'type' | 'bytes'>[]): Hash[] {
  const layers = tensors.map(({ bytes }) => nativeHasher.leaves(bytes));
  for (let height = 0; ; height++) {
    const growing = layers.flatMap(({ length }, i) => (length > 32 ? i : []));
    if (growing.length === 0) break;
    const widths = growing.map((i) => 64 * Math.ceil(layers[i].length / 64));
    const pairs = new Uint8Array(widths.reduce((sum, width) => sum + width, 0));
    let at = 0;
    for (const [n, i] of growing.entries()) {
      pairs.set(layers[i], at);
      if (layers[i].length < widths[n]) pairs.set(ZEROS[height], at + layers[i].length);
      at += widths[n];
    }
    const above = nativeHasher.nodes(pairs);
    at = 0;
    for (const [n, i] of growing.entries()) {
      layers[i] = above.subarray(at, at + widths[n] / 2);
      at += widths[n] / 2;
    }
  }
  return tensors.map(({ type }, i) => tensorRoot(type, layers[i].length === 0 ? ZERO_HASH : toHex(layers[i])));
}
