import type { Log, Provider } from 'ethers';
import { type LogFilter, pastLogs } from '../chain/logs.ts';

/** Blocks that are read again each time, so that a reorganisation loses nothing. */
const DEPTH = 16;

/** The matching logs from `fromBlock` on, each once; one that a reorganisation moved comes again. */
export class LogFeed {
  readonly #provider: Provider;
  readonly #filter: LogFilter;
  readonly #first: number;
  readonly #seen = new Map<string, number>();
  #next: number;

  constructor(provider: Provider, filter: LogFilter) {
    this.#provider = provider;
    this.#filter = filter;
    this.#first = filter.fromBlock;
    this.#next = filter.fromBlock;
  }

  /** What is new up to block `head`, oldest first. A read that fails is made up for by the next. */
  async read(head: number): Promise<Log[]> {
    const fromBlock = Math.max(this.#first, Math.min(this.#next, head + 1) - DEPTH);
    const found: Log[] = [];
    for await (const log of pastLogs(this.#provider, { ...this.#filter, fromBlock }, head)) found.push(log);
    const fresh = found.filter((log) => !this.#seen.has(keyOf(log)));
    for (const log of fresh) this.#seen.set(keyOf(log), log.blockNumber);
    this.#next = head + 1;
    for (const [key, block] of this.#seen) if (block < this.#next - 2 * DEPTH) this.#seen.delete(key);
    return fresh;
  }
}

const keyOf = ({ blockHash, transactionHash, index }: Log): string => `${blockHash}/${transactionHash}/${index}`;
