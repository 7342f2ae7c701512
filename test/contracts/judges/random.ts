import { DTYPES, type DType, layoutOf } from '@essaim/protocol';

/** A seeded source of numbers: equal seeds give equal tests. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer in [0, below). */
  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  shuffled<T>(from: readonly T[]): T[] {
    const out = [...from];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }

  dims(rank: number, most = 5): number[] {
    return Array.from({ length: rank }, () => this.between(1, most));
  }

  /** Any layout of `rank` axes; every second time row-major. */
  layout(rank: number): number {
    return this.chance(50) ? 0 : layoutOf(this.shuffled([...Array(rank).keys()]));
  }

  /** An element's bits: often at the type's limits or near 0. No NaN. */
  bits(dtype: DType): bigint {
    const width = 8n * BigInt(DTYPES[dtype].size);
    if (dtype === 'bool') return BigInt(this.below(2));
    if (dtype === 'float32') return this.#float();
    const kind = this.below(4);
    const near = BigInt(this.between(-3, 3));
    if (kind === 0) return BigInt.asUintN(Number(width), near);
    if (kind === 1) return BigInt.asUintN(Number(width), (1n << (width - 1n)) + near);
    return BigInt.asUintN(Number(width), (BigInt(this.below(2 ** 32)) << 32n) | BigInt(this.below(2 ** 32)));
  }

  #float(): bigint {
    const special = [0, 0x80000000, 1, 0x80000001, 0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x3f800000];
    if (this.chance(20)) return BigInt(this.pick(special));
    const bits = this.below(2 ** 32);
    return BigInt((bits & 0x7f800000) === 0x7f800000 ? (bits & 0x807fffff) | 0x40000000 : bits) & 0xffffffffn;
  }

  /** `count` elements, little-endian. */
  elements(dtype: DType, count: number): Uint8Array {
    const { size } = DTYPES[dtype];
    const out = new Uint8Array(count * size);
    for (let i = 0; i < count; i++) writeElement(out, i, size, this.bits(dtype));
    return out;
  }
}

export function writeElement(into: Uint8Array, index: number, size: number, bits: bigint): void {
  for (let k = 0; k < size; k++) into[index * size + k] = Number((bits >> BigInt(8 * k)) & 255n);
}
