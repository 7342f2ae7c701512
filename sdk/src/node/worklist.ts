const LONGEST_PAUSE = 60_000;

interface Entry<T> {
  readonly item: T;
  due: number;
  wait: number;
}

/** Things to do by key. What fails is put off, each time twice as long, and never in the way of the others. */
export class Worklist<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #first: number;
  readonly #now: () => number;

  /** @param firstPause milliseconds after a first failure */
  constructor(firstPause: number, now: () => number = () => performance.now()) {
    this.#first = firstPause;
    this.#now = now;
  }

  /** Adds an item, due now; a key that is there already becomes due. */
  add(key: string, item: T): void {
    const known = this.#entries.get(key);
    if (known) known.due = 0;
    else this.#entries.set(key, { item, due: 0, wait: this.#first });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Items that are due, oldest first. */
  due(): [string, T][] {
    const now = this.#now();
    return [...this.#entries].filter(([, { due }]) => due <= now).map(([key, { item }]) => [key, item]);
  }

  /** All items, due or not. */
  all(): [string, T][] {
    return [...this.#entries].map(([key, { item }]) => [key, item]);
  }

  /** Puts an item off after a failure. */
  postpone(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.due = this.#now() + entry.wait;
    entry.wait = Math.min(2 * entry.wait, LONGEST_PAUSE);
  }

  /** Forgets an item's failures. */
  succeeded(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) entry.wait = this.#first;
  }
}
