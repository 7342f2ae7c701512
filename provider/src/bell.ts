/** Wakes those who wait for something to do. */
export class Bell {
  #rung: Promise<void>;
  #ring!: () => void;

  constructor() {
    this.#rung = this.#next();
  }

  ring(): void {
    const ring = this.#ring;
    this.#rung = this.#next();
    ring();
  }

  /** Resolves when it is rung, after so many milliseconds, or when the signal is aborted. */
  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let stop = () => {};
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
      stop = resolve;
      signal?.addEventListener('abort', stop);
    });
    await Promise.race([this.#rung, over]);
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }

  #next(): Promise<void> {
    return new Promise((ring) => {
      this.#ring = ring;
    });
  }
}
