import type { Essaim, LogFilter } from '@essaim/sdk';
import { LogFeed } from '@essaim/sdk/node';
import type { Block, Log } from 'ethers';
import type { Outlook } from './horizon.ts';

/** Logs of submissions from a horizon on, each once. */
export class LogsSince {
  readonly #essaim: Essaim;
  readonly #filter: () => Promise<Omit<LogFilter, 'fromBlock'>>;
  readonly #look: Outlook;
  #feed?: LogFeed;

  constructor(essaim: Essaim, filter: () => Promise<Omit<LogFilter, 'fromBlock'>>, look: Outlook) {
    this.#essaim = essaim;
    this.#filter = filter;
    this.#look = look;
  }

  /** What is new up to a block, oldest first. */
  async read(head: Block): Promise<Log[]> {
    if (this.#feed) return this.#feed.read(head.number);
    const { provider } = this.#essaim;
    const [filter, { since, others }] = await Promise.all([this.#filter(), this.#look(head)]);
    const feed = new LogFeed(provider, { ...filter, fromBlock: since });
    const older = await Promise.all(
      others.map((block) => provider.getLogs({ ...filter, fromBlock: block, toBlock: block })),
    );
    const logs = [...older.flat(), ...(await feed.read(head.number))];
    this.#feed = feed;
    return logs;
  }
}
