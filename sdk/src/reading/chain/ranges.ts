import { EssaimError } from '@essaim/protocol';
import { isError, type Log, type Provider } from 'ethers';
import { isLimited, steadily } from './steady.ts';

/** Logs of one or several contracts with these topics. */
export interface Wanted {
  address: string | string[];
  topics: (string | string[] | null)[];
}

/** Requests that one question may cost; on longer chains the first answers are short, or an indexer is needed. */
const MOST_REQUESTS = 200;
/** Ranges that are never cut further. */
const LEAST = 16;

/**
 * Logs in ranges of blocks that the endpoint accepts: the whole range at once first, and half of it where that is refused,
 * remembered for the next.
 */
export class Ranges {
  readonly #provider: Provider;
  #span = Number.POSITIVE_INFINITY;

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  /** All of `from` to `to`, oldest first. CHAIN_TOO_LONG where that takes too many requests; CHAIN_FAILED, CHAIN_LIMITED */
  async all(wanted: Wanted, from: number, to: number): Promise<Log[]> {
    const windows: Log[][] = [];
    for await (const logs of this.back(wanted, from, to)) windows.push(logs);
    return windows.reverse().flat();
  }

  /** Window after window from `to` down to `from`; each oldest first. As {@link all} */
  async *back(wanted: Wanted, from: number, to: number): AsyncGenerator<Log[]> {
    let requests = 0;
    for (let end = to; end >= from; ) {
      const start = Math.max(from, end - this.#span + 1);
      if (++requests > MOST_REQUESTS) throw tooLong(from, end);
      const logs = await steadily('looking for events', () => this.#ask(wanted, start, end));
      if (logs) {
        yield logs;
        end = start - 1;
      } else this.#span = Math.max(LEAST, Math.ceil((end - start + 1) / 2));
    }
  }

  /** The logs of a range; nothing where the endpoint finds it too wide. */
  async #ask({ address, topics }: Wanted, fromBlock: number, toBlock: number): Promise<Log[] | undefined> {
    try {
      return await this.#provider.getLogs({ address, topics, fromBlock, toBlock });
    } catch (cause) {
      const isGone = isError(cause, 'NETWORK_ERROR') || isError(cause, 'SERVER_ERROR');
      if (isGone || toBlock - fromBlock < LEAST || isLimited(cause)) throw cause;
      return undefined;
    }
  }
}

const tooLong = (from: number, to: number) =>
  new EssaimError('CHAIN_TOO_LONG', `the endpoint takes too many requests for the events of blocks ${from} to ${to}`, {
    help: 'connect with an indexer, or with an endpoint that accepts wider ranges of blocks',
    details: { from, to },
  });
