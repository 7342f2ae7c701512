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
/** Times that an endpoint may not answer at all to one question: a range may be too wide for it, or it is gone. */
const MOST_SILENCES = 2;

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
    const silence = { times: 0 };
    for (let end = to; end >= from; ) {
      const start = Math.max(from, end - this.#span + 1);
      if (++requests > MOST_REQUESTS) throw tooLong(from, end);
      const logs = await steadily('looking for events', () => this.#ask(wanted, start, end, silence));
      if (logs) {
        yield logs;
        end = start - 1;
      } else this.#span = Math.max(LEAST, Math.ceil((end - start + 1) / 2));
    }
  }

  /** The logs of a range; nothing where the endpoint finds it too wide. */
  async #ask(
    { address, topics }: Wanted,
    fromBlock: number,
    toBlock: number,
    silence: { times: number },
  ): Promise<Log[] | undefined> {
    try {
      return await this.#provider.getLogs({ address, topics, fromBlock, toBlock });
    } catch (cause) {
      if (isError(cause, 'TIMEOUT') && ++silence.times > MOST_SILENCES) throw cause;
      if (isGone(cause) || toBlock - fromBlock < LEAST || isLimited(cause)) throw cause;
      return undefined;
    }
  }
}

/** Some say by an HTTP status of 400 or 413 that a range is too wide. */
const isGone = (cause: unknown): boolean =>
  isError(cause, 'NETWORK_ERROR') ||
  (isError(cause, 'SERVER_ERROR') && ![400, 413, 422].includes(cause.response?.statusCode ?? 0));

const tooLong = (from: number, to: number) =>
  new EssaimError('CHAIN_TOO_LONG', `the endpoint takes too many requests for the events of blocks ${from} to ${to}`, {
    help: 'connect with an indexer, or with an endpoint that accepts wider ranges of blocks',
    details: { from, to },
  });
