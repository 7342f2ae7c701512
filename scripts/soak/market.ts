import type { Essaim } from '@essaim/sdk';
import { LogFeed } from '@essaim/sdk/node';

const EVENTS = ['Posted', 'Accepted', 'Exited', 'Submitted', 'Paid', 'Refunded', 'Cancelled'] as const;
type MarketEvent = (typeof EVENTS)[number];

/** How many jobs are how far, as the chain says. */
export class MarketWatch {
  readonly #essaim: Essaim;
  readonly #feeds: { market: LogFeed; rejected: LogFeed };
  readonly #names: Map<string, MarketEvent>;
  readonly #count = new Map<MarketEvent, number>();
  rejected = 0;

  private constructor(essaim: Essaim, market: string, claims: string) {
    const { provider, contracts, deployment } = essaim;
    const { JobMarket, Claims } = contracts;
    const fromBlock = deployment.startBlock;
    this.#essaim = essaim;
    this.#names = new Map(EVENTS.map((name) => [JobMarket.interface.getEvent(name as 'Posted').topicHash, name]));
    const [names, rejected] = [[...this.#names.keys()], Claims.getEvent('Rejected').fragment.topicHash];
    this.#feeds = {
      market: new LogFeed(provider, { address: market, topics: [names], fromBlock }),
      rejected: new LogFeed(provider, { address: claims, topics: [rejected], fromBlock }),
    };
  }

  static async open(essaim: Essaim): Promise<MarketWatch> {
    const { JobMarket, Claims } = essaim.contracts;
    return new MarketWatch(essaim, await JobMarket.getAddress(), await Claims.getAddress());
  }

  async look(): Promise<void> {
    const head = await this.#essaim.provider.getBlockNumber();
    for (const { topics } of await this.#feeds.market.read(head)) {
      const name = this.#names.get(topics[0])!;
      this.#count.set(name, this.of(name) + 1);
    }
    this.rejected += (await this.#feeds.rejected.read(head)).length;
  }

  of = (event: MarketEvent): number => this.#count.get(event) ?? 0;

  /** Jobs that were posted and whose result is not there yet. */
  get backlog(): number {
    return this.of('Posted') - this.of('Submitted') - this.of('Cancelled');
  }

  /** Jobs that nothing can be done about any more. */
  get settled(): number {
    return this.of('Paid') + this.of('Refunded') + this.of('Cancelled');
  }
}
