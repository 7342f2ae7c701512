/** Seeded random numbers (mulberry32), so that every run of a test is the same. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
export const randomBytes = (next: () => number, size: number): Uint8Array =>
  Uint8Array.from({ length: size }, () => Math.floor(next() * 256));
