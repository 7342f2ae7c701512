/** How much somebody may ask for: so many at once, and so many more a second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Who is remembered; the longest silent are forgotten first. */
const KEEP = 10_000;

/** Counts what each name asks for. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, { left: number; time: number }>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Whether `name` may ask once more at `now`, in milliseconds; it counts if so. */
  allows(name: string, now = performance.now()): boolean {
    const { burst, perSecond } = this.#rate;
    const { left, time } = this.#buckets.get(name) ?? { left: burst, time: now };
    const filled = Math.min(burst, left + ((now - time) / 1_000) * perSecond);
    this.#buckets.delete(name);
    this.#buckets.set(name, { left: filled >= 1 ? filled - 1 : filled, time: now });
    if (this.#buckets.size > KEEP) this.#buckets.delete(this.#buckets.keys().next().value!);
    return filled >= 1;
  }
}
