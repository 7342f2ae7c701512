import type { Essaim } from '@essaim/sdk';
import { LogFeed } from '@essaim/sdk/node';

/** The weights of all seats as they stood in each term, followed on the chain. */
export class Weights {
  readonly #essaim: Essaim;
  /** By seat, oldest first: from which term's end on it had which weight. */
  readonly #history = new Map<number, { term: number; weight: bigint }[]>();
  #feed?: LogFeed;

  constructor(essaim: Essaim) {
    this.#essaim = essaim;
  }

  /** The weight of each seat at the end of a term. */
  async at(term: number): Promise<bigint[]> {
    await this.#read();
    const seats = Math.max(-1, ...this.#history.keys()) + 1;
    return Array.from(
      { length: seats },
      (_, seat) => this.#history.get(seat)?.findLast((entry) => entry.term <= term)?.weight ?? 0n,
    );
  }

  async #read(): Promise<void> {
    const { provider, contracts, deployment } = this.#essaim;
    const { AuditPool } = contracts;
    this.#feed ??= new LogFeed(provider, {
      address: await AuditPool.getAddress(),
      topics: [AuditPool.getEvent('Weighed').fragment.topicHash],
      fromBlock: deployment.startBlock,
    });
    for (const log of await this.#feed.read(await provider.getBlockNumber())) {
      const { seat, weight, term } = AuditPool.interface.parseLog(log)!.args;
      const known = this.#history.get(Number(seat)) ?? [];
      this.#history.set(Number(seat), [...known, { term: Number(term), weight }]);
    }
  }
}
