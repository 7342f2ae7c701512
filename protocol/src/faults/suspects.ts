import type { DType } from '../program/types.ts';
import { DTYPES } from '../program/types.ts';

/** Elements whose bytes differ, ascending; all of them where there is nothing to compare with. */
export function* differing(bytes: Uint8Array, own: Uint8Array | undefined, size: number): Generator<number> {
  for (let element = 0; element < bytes.length / size; element++) {
    let same = own !== undefined;
    for (let i = element * size; same && i < (element + 1) * size; i++) same = bytes[i] === own![i];
    if (!same) yield element;
  }
}

/**
 * At most `most` of the differing elements: all if there are no more; else half of them those floats that lie farthest
 * from one's own, where a fault is likeliest, and the others spread over the value.
 */
export function suspects(bytes: Uint8Array, own: Uint8Array | undefined, dtype: DType, most: number): number[] {
  const all = Uint32Array.from(differing(bytes, own, DTYPES[dtype].size));
  if (all.length <= most) return [...all];
  const far = dtype === 'float32' && own ? farthest(all, bytes, own, most >> 1) : [];
  const rest = most - far.length;
  const spread = Array.from({ length: rest }, (_, i) => all[Math.floor((i * all.length) / rest)]);
  return [...new Set([...far, ...spread])];
}

function farthest(elements: Uint32Array, bytes: Uint8Array, own: Uint8Array, count: number): number[] {
  const [a, b] = [bytes, own].map((it) => new DataView(it.buffer, it.byteOffset, it.byteLength));
  const distance = (element: number): number => {
    const apart = Math.abs(a.getFloat32(4 * element, true) - b.getFloat32(4 * element, true));
    return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
  };
  const distances = Float64Array.from(elements, distance);
  const least = distances.toSorted()[elements.length - count];
  const above = elements.filter((_, i) => distances[i] > least);
  // many lie equally far: a unit in the last place
  const level = elements.filter((_, i) => distances[i] === least).subarray(0, count - above.length);
  return [...above, ...level];
}
