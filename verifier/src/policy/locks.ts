/** Steps for each doubling within which locks count together. */
const STEPS = 8;

/** Locks of batches, in MIEL: what they say together costs the same however many they are. */
export class Locks {
  readonly #alike = new Map<number, { count: number; sum: number }>();

  static of(locks: Iterable<number>): Locks {
    const made = new Locks();
    for (const lock of locks) made.add(lock);
    return made;
  }

  get length(): number {
    return this.#total(({ count }) => count);
  }

  add(lock: number): void {
    this.#change(lock, 1);
  }

  /** Takes back one that was added. */
  remove(lock: number): void {
    this.#change(lock, -1);
  }

  /** As many batches of one lock as they are worth: one with a smaller lock counts for as much less. */
  against(lock: number): number {
    return this.#total(({ count, sum }) => (lock > 0 ? Math.min(count, sum / lock) : count));
  }

  copy(): Locks {
    const made = new Locks();
    for (const [step, { count, sum }] of this.#alike) made.#alike.set(step, { count, sum });
    return made;
  }

  #change(lock: number, by: number): void {
    const step = Math.round(STEPS * Math.log2(lock));
    const alike = this.#alike.get(step) ?? { count: 0, sum: 0 };
    alike.count += by;
    alike.sum += by * lock;
    this.#alike.set(step, alike);
  }

  #total(of: (alike: { count: number; sum: number }) => number): number {
    let total = 0;
    for (const alike of this.#alike.values()) total += of(alike);
    return total;
  }
}
