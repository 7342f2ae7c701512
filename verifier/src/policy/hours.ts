const HOUR = 3_600;

interface Met<T> {
  readonly time: number;
  readonly item: T;
}

/** Things by the time they came, so that those of one hour are found without a look at the others. */
export class Hours<T> {
  readonly #most: number;
  readonly #byHour = new Map<number, Map<string, Met<T>>>();
  #count = 0;

  /** @param most that are kept: beyond it the oldest hours are forgotten */
  constructor(most: number) {
    this.#most = most;
  }

  /** Notes something, once. @param time in seconds */
  add(key: string, time: number, make: () => T): void {
    const number = Math.floor(time / HOUR);
    const hour = this.#byHour.get(number) ?? new Map<string, Met<T>>();
    if (hour.has(key)) return;
    this.#byHour.set(number, hour.set(key, { time, item: make() }));
    if (++this.#count <= this.#most || this.#byHour.size === 1) return;
    const oldest = Math.min(...this.#byHour.keys());
    this.#count -= this.#byHour.get(oldest)!.size;
    this.#byHour.delete(oldest);
  }

  /** What came within the hour up to a time. */
  upTo(time: number): ReadonlyMap<string, T> {
    const number = Math.floor(time / HOUR);
    const found = new Map<string, T>();
    for (const at of [number - 1, number]) {
      for (const [key, met] of this.#byHour.get(at) ?? [])
        if (met.time > time - HOUR && met.time <= time) found.set(key, met.item);
    }
    return found;
  }
}
