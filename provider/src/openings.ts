import { type Essaim, eventOf, pastLogs, type Terms, termsOf } from '@essaim/sdk';
import { LogFeed } from '@essaim/sdk/node';
import { type Block, ZeroAddress } from 'ethers';

/** A job that may be for an account, and its terms where the event told them. */
export interface Opening {
  readonly jobId: string;
  readonly terms?: Terms;
  /** Block of the newest event about it that is known. */
  readonly since: number;
}

/**
 * Jobs that were posted or given back and that an account can take or took: what others were asked for, what is over and
 * what it was paid for is left out by events alone, so that a start asks nothing about what is long past.
 */
export class Openings {
  readonly #essaim: Essaim;
  readonly #account: string;
  #feed?: LogFeed;
  /** Of a start, until its first read succeeded. */
  #held?: Map<string, number>;

  constructor(essaim: Essaim, account: string) {
    this.#essaim = essaim;
    this.#account = account;
  }

  /** What came up to a block, oldest first; at first from the deployment on. */
  async read({ number, timestamp }: Pick<Block, 'number' | 'timestamp'>): Promise<Opening[]> {
    const { provider, contracts, deployment } = this.#essaim;
    const { JobMarket } = contracts;
    this.#held ??= await this.#heldAt(number);
    this.#feed ??= new LogFeed(provider, {
      address: await JobMarket.getAddress(),
      topics: [[JobMarket.getEvent('Posted'), JobMarket.getEvent('Exited')].map((e) => e.fragment.topicHash)],
      fromBlock: deployment.startBlock,
    });
    const openings: Opening[] = [];
    for (const log of await this.#feed.read(number)) {
      const event = eventOf(JobMarket.interface, log);
      if (!event) continue;
      const jobId = log.topics[1];
      const terms = event.name === 'Posted' ? termsOf(event.args as unknown as Terms) : undefined;
      const since = Math.max(log.blockNumber, this.#held.get(jobId) ?? 0);
      if (!terms || this.#held.has(jobId) || this.#mayTake(terms, timestamp)) openings.push({ jobId, terms, since });
    }
    this.#held = new Map();
    return openings;
  }

  #mayTake({ provider, deadline }: Terms, now: number): boolean {
    return (provider === ZeroAddress || provider === this.#account) && BigInt(now) <= deadline;
  }

  /** Jobs that it accepted and was not paid for at their end, and the block in which it did. */
  async #heldAt(head: number): Promise<Map<string, number>> {
    const { provider, contracts, deployment } = this.#essaim;
    const { JobMarket } = contracts;
    const own = `0x${this.#account.slice(2).toLowerCase().padStart(64, '0')}`;
    const names = [JobMarket.getEvent('Accepted'), JobMarket.getEvent('Paid')].map((e) => e.fragment.topicHash);
    const filter = {
      address: await JobMarket.getAddress(),
      topics: [names, null, own],
      fromBlock: deployment.startBlock,
    };
    const held = new Map<string, number>();
    for await (const log of pastLogs(provider, filter, head)) {
      const event = JobMarket.interface.parseLog(log);
      if (event?.name === 'Accepted') held.set(log.topics[1], log.blockNumber);
      // what was released before its window ended still has to be unlocked
      else if (event && !event.args.released) held.delete(log.topics[1]);
    }
    return held;
  }
}
