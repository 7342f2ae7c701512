import type { Log, Provider } from 'ethers';
import { type LogFilter, pastLogs } from '../chain/logs.ts';

/** Blocks that are read again each time, so that a reorganisation loses nothing. */
const DEPTH = 16;
/** Marks that are kept: a reorganisation below all of them has everything read again. */
const MARKS = 64;

/** The matching logs from `fromBlock` on, each once; one that a reorganisation moved comes again. */
export class LogFeed {
  readonly #provider: Provider;
  readonly #filter: LogFilter;
  readonly #first: number;
  readonly #seen = new Map<string, number>();
  /** Blocks `DEPTH` apart that were read: where they are others now, more than `DEPTH` blocks were replaced. */
  #marks: { readonly number: number; readonly hash: string }[] = [];
  #next: number;

  constructor(provider: Provider, filter: LogFilter) {
    this.#provider = provider;
    this.#filter = filter;
    this.#first = filter.fromBlock;
    this.#next = filter.fromBlock;
  }

  /** What is new up to block `head`, oldest first. A read that fails is made up for by the next. */
  async read(head: number): Promise<Log[]> {
    await this.#rewind(head);
    const fromBlock = Math.max(this.#first, Math.min(this.#next, head + 1) - DEPTH);
    const found: Log[] = [];
    for await (const log of pastLogs(this.#provider, { ...this.#filter, fromBlock }, head)) found.push(log);
    const fresh = found.filter((log) => !this.#seen.has(keyOf(log)));
    for (const log of fresh) this.#seen.set(keyOf(log), log.blockNumber);
    this.#next = head + 1;
    for (const [key, block] of this.#seen) if (block < this.#next - 2 * DEPTH) this.#seen.delete(key);
    return fresh;
  }

  /** Goes back to where the chain is still the one that was read; looks every `DEPTH` blocks, and makes a mark then. */
  async #rewind(head: number): Promise<void> {
    const newest = this.#marks.at(-1);
    if (newest && head >= newest.number && head < newest.number + DEPTH) return;
    for (let mark = newest; mark; mark = this.#marks.at(-1)) {
      const block = await this.#provider.getBlock(mark.number);
      // a node that is behind does not have it yet, which replaces nothing
      if (!block) return;
      if (block.hash === mark.hash) break;
      this.#marks.pop();
      this.#next = this.#marks.at(-1)?.number ?? this.#first;
    }
    const block = await this.#provider.getBlock(head);
    if (block?.hash) this.#marks = [...this.#marks.slice(1 - MARKS), { number: head, hash: block.hash }];
  }
}

const keyOf = ({ blockHash, transactionHash, index }: Log): string => `${blockHash}/${transactionHash}/${index}`;
