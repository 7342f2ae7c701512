/** One line on a terminal that tells what is being done; elsewhere a line now and then. */
export class Progress {
  readonly #began = performance.now();
  #shown = 0;

  /** Tells something that stays. */
  tell(text: string): void {
    process.stderr.write(`${this.#isLive ? '\r\x1b[2K' : ''}${this.#time} ${text}\n`);
  }

  /** Tells how far it is: the next takes its place. */
  show(text: string): void {
    const now = performance.now();
    if (now - this.#shown < (this.#isLive ? 200 : 10_000)) return;
    this.#shown = now;
    const line = `${this.#time} ${text}`;
    process.stderr.write(this.#isLive ? `\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}` : `${line}\n`);
  }

  get #isLive(): boolean {
    return process.stderr.isTTY === true;
  }

  get #time(): string {
    return `${((performance.now() - this.#began) / 1_000).toFixed(0).padStart(5)} s`;
  }
}
