/** Waits for others without taking a place. */
export type Rest = <T>(wait: () => Promise<T>) => Promise<T>;

/** Checks under way in all, resting ones among them: each remembers what it found so far. */
const MOST = 4_096;

/** Places for checks that are under way. One that only waits for others leaves its place to the next. */
export class Places {
  readonly #width: number;
  readonly #most: number;
  #held = 0;
  #resting = 0;

  /** @param width checks that work at once */
  constructor(width: number, most = MOST) {
    this.#width = width;
    this.#most = most;
  }

  get isFree(): boolean {
    return this.#held < this.#most && this.#held - this.#resting < this.#width;
  }

  /** Does a check in a place. */
  async hold<T>(check: (rest: Rest) => Promise<T>): Promise<T> {
    let waits = 0;
    const rest: Rest = async (wait) => {
      if (waits++ === 0) this.#resting++;
      try {
        return await wait();
      } finally {
        if (--waits === 0) this.#resting--;
      }
    };
    this.#held++;
    try {
      return await check(rest);
    } finally {
      if (waits > 0) this.#resting--;
      waits = Number.POSITIVE_INFINITY;
      this.#held--;
    }
  }
}
