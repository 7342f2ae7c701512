/** One line on a terminal that tells what is being done; plain lines elsewhere, one per step. */
export class Progress {
  #shown = '';
  readonly #live: boolean;
  readonly #quiet: boolean;

  /** @param quiet says nothing at all */
  constructor(quiet = false) {
    this.#quiet = quiet;
    this.#live = !quiet && process.stdout.isTTY === true;
  }

  /** A new step begins. */
  step(text: string): void {
    if (this.#live) this.#draw(text);
    else if (!this.#quiet) console.log(`· ${text}`);
  }

  /** The step goes on: `done` of `of`, with a word on where it stands. */
  count(done: number, of: number, text: string): void {
    if (!this.#live) return;
    const filled = Math.round((20 * done) / Math.max(1, of));
    this.#draw(`${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${done}/${of} ${text}`);
  }

  end(): void {
    if (this.#live && this.#shown) process.stdout.write('\r\x1b[2K');
    this.#shown = '';
  }

  #draw(text: string): void {
    const line = text.slice(0, (process.stdout.columns ?? 80) - 1);
    if (line === this.#shown) return;
    process.stdout.write(`\r\x1b[2K${line}`);
    this.#shown = line;
  }
}
