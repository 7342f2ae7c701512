/** What came and is not taken in yet: where taking in fails, it and what came after it wait for the next time. */
export class Inbox<T> {
  readonly #waiting: T[] = [];

  async take(news: readonly T[], each: (item: T) => Promise<void>): Promise<void> {
    this.#waiting.push(...news);
    for (; this.#waiting.length > 0; this.#waiting.shift()) await each(this.#waiting[0]);
  }
}
