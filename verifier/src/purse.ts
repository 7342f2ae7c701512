import { EssaimError } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import { LogFeed } from '@essaim/sdk/node';
import { formatEther } from 'ethers';

/** How much coin a verifier may have in bonds of demands at once: what it has is read from the chain. */
export class Purse {
  readonly #essaim: Essaim;
  readonly #account: string;
  readonly #most: bigint;
  /** Bonds that were posted and not divided yet, in wei, by demand. */
  readonly #open = new Map<string, bigint>();
  #feeds?: { demanded: LogFeed; settled: LogFeed };
  #last: Promise<unknown> = Promise.resolve();

  /** @param most wei */
  constructor(essaim: Essaim, account: string, most: bigint) {
    this.#essaim = essaim;
    this.#account = account;
    this.#most = most;
  }

  /** Posts a bond of so many wei; WALLET_BUDGET, and nothing is posted, if too much would be out then. One at a time. */
  spend<T>(bond: bigint, post: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      const out = await this.#out();
      if (out + bond <= this.#most) return post();
      const [most, now, more] = [this.#most, out, bond].map(formatEther);
      throw new EssaimError(
        'WALLET_BUDGET',
        `a bond of ${more} beside ${now} that are out exceeds the budget of ${most}`,
        {
          help: 'bonds come back when their batches end; give a larger --bond-budget to demand more at once',
          details: { budget: this.#most, out, bond },
        },
      );
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #out(): Promise<bigint> {
    const { provider, contracts, deployment } = this.#essaim;
    const { Availability } = contracts;
    if (!this.#feeds) {
      const [address, fromBlock] = [await Availability.getAddress(), deployment.startBlock];
      const asked = Availability.getEvent('Demanded').fragment.topicHash;
      const divided = Availability.getEvent('Settled').fragment.topicHash;
      const own = `0x${this.#account.slice(2).toLowerCase().padStart(64, '0')}`;
      this.#feeds = {
        demanded: new LogFeed(provider, { address, topics: [asked, null, null, own], fromBlock }),
        settled: new LogFeed(provider, { address, topics: [divided], fromBlock }),
      };
    }
    const head = await provider.getBlockNumber();
    for (const log of await this.#feeds.demanded.read(head)) {
      const { demandId, bond } = Availability.interface.parseLog(log)!.args;
      this.#open.set(demandId, bond);
    }
    for (const { topics } of await this.#feeds.settled.read(head)) this.#open.delete(topics[1]);
    return [...this.#open.values()].reduce((sum, bond) => sum + bond, 0n);
  }
}
