import { AsyncLocalStorage } from 'node:async_hooks';

/** An endpoint whose nodes are not at the same block: what is read at one block is of one node, as a daemon's provider does it. */
export class TwoNodes {
  readonly #pins = new AsyncLocalStorage<number>();
  readonly #heads: readonly number[];
  #asked = 0;

  /** @param heads of the nodes that answer one after the other; the last one from then on */
  constructor(...heads: number[]) {
    this.#heads = heads;
  }

  /** The newest block of the node that answers now. */
  head(): number {
    return this.#pins.getStore() ?? this.#next();
  }

  readonly provider = {
    getBlockNumber: async () => this.head(),
    getLogs: async () => [{}],
    atOneBlock: <T>(work: () => Promise<T>): Promise<T> => this.#pins.run(this.#next(), work),
  };

  #next(): number {
    return this.#heads[Math.min(this.#asked++, this.#heads.length - 1)];
  }
}
