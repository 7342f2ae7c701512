import { type Power, totalOf } from './power.ts';

/** Where energy is noted: joules that were drawn, and the seconds in which they were. */
export interface EnergyBook {
  drew(joules: number, seconds: number): void;
}

/** Sums up what a machine draws: each sample adds what was drawn since the one before, by the mean of both. */
export class Meter {
  readonly #read: () => Promise<Power>;
  readonly #book: EnergyBook;
  readonly #now: () => number;
  #last?: { readonly watts: number; readonly at: number };

  /** @param now milliseconds of a clock that is never set */
  constructor(read: () => Promise<Power>, book: EnergyBook, now: () => number = () => performance.now()) {
    this.#read = read;
    this.#book = book;
    this.#now = now;
  }

  /** What is drawn now. DISK_FULL */
  async sample(): Promise<Power> {
    const power = await this.#read();
    const [last, at, watts] = [this.#last, this.#now(), totalOf(power)];
    this.#last = power.size === 0 ? undefined : { watts, at };
    if (!last || power.size === 0) return power;
    const seconds = (at - last.at) / 1_000;
    this.#book.drew((seconds * (watts + last.watts)) / 2, seconds);
    return power;
  }
}
