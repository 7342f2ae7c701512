import { EssaimError } from '@essaim/protocol';
import type { Interface, Log, Provider, Result } from 'ethers';
import type { Contracts } from '../../contracts/contracts.ts';
import type { ReadingContext } from '../context.ts';
import type { AsOf, Certainty } from '../types/index.ts';
import type { Head } from './heads.ts';
import type { Ranges } from './ranges.ts';
import { steadily } from './steady.ts';

/** An event with where it stands. */
export interface Event {
  name: string;
  args: Result;
  address: string;
  block: number;
  index: number;
  transaction: string;
  blockHash: string;
}

type Name = keyof Contracts;
type Topic = string | readonly string[] | null | undefined;

/** Block times by hash: blocks do not change. */
const times = new WeakMap<Provider, Map<string, number>>();
const MOST_TIMES = 20_000;

/** The chain as of one block. */
export class View {
  readonly contracts: Contracts;
  readonly addresses: Readonly<Record<string, string>>;
  readonly pin: AsOf & { hash: string };
  readonly startBlock: number;
  readonly #provider: Provider;
  readonly #ranges: Ranges;
  readonly #final: number;

  constructor(context: ReadingContext, ranges: Ranges, head: Head, pin: AsOf & { hash: string }) {
    this.contracts = context.contracts;
    this.addresses = context.addresses;
    this.startBlock = context.startBlock;
    this.#provider = context.provider;
    this.#ranges = ranges;
    this.#final = head.final;
    this.pin = pin;
  }

  /** To call views with. */
  get at(): { blockTag: number } {
    return { blockTag: this.pin.block };
  }

  /** Certain by the newest block that something happened in. */
  certainty(newest: number): Certainty {
    return newest <= this.#final ? 'final' : 'provisional';
  }

  get final(): number {
    return this.#final;
  }

  /** Events of a contract by name and indexed arguments, oldest first, from a block on. */
  async events(
    contract: Name,
    names: readonly string[],
    args: readonly Topic[] = [],
    from = this.startBlock,
  ): Promise<Event[]> {
    if (args.some((arg) => Array.isArray(arg) && arg.length === 0)) return [];
    const logs = await this.#ranges.all(this.wanted(contract, names, args), from, this.pin.block);
    return this.parse(contract, logs);
  }

  /** The same, newest first, in windows; each newest first. Only up to `to`. */
  async *back(contract: Name, names: readonly string[], args: readonly Topic[], to: number): AsyncGenerator<Event[]> {
    const wanted = this.wanted(contract, names, args);
    for await (const logs of this.#ranges.back(wanted, this.startBlock, to)) yield this.parse(contract, logs).reverse();
  }

  wanted(
    contract: Name,
    names: readonly string[],
    args: readonly Topic[],
  ): { address: string; topics: (string | string[] | null)[] } {
    const known = this.#interface(contract);
    const topics = [names.map((name) => known.getEvent(name)!.topicHash), ...args];
    while (topics.at(-1) === null || topics.at(-1) === undefined) topics.pop();
    const plain = topics.map((it) => (it === undefined || it === null ? null : typeof it === 'string' ? it : [...it]));
    return { address: this.addresses[contract], topics: plain };
  }

  parse(contract: Name, logs: readonly Log[]): Event[] {
    const known = this.#interface(contract);
    return logs.flatMap((log) => {
      const event = known.parseLog(log);
      if (!event) return [];
      const { address, blockNumber: block, index, transactionHash: transaction, blockHash } = log;
      return [{ name: event.name, args: event.args, address, block, index, transaction, blockHash }];
    });
  }

  /** The seconds of the blocks of events, as a function of an event. */
  async times(events: readonly Event[]): Promise<(event: Event) => number> {
    let known = times.get(this.#provider);
    if (!known || known.size > MOST_TIMES) {
      known = new Map();
      times.set(this.#provider, known);
    }
    const of = known;
    const hashes = [...new Set(events.map(({ blockHash }) => blockHash))].filter((hash) => !of.has(hash));
    await Promise.all(
      hashes.map(async (hash) => {
        const block = await steadily('asking for a block', () => this.#provider.getBlock(hash));
        if (!block) throw takenBack();
        of.set(hash, block.timestamp);
      }),
    );
    return ({ blockHash }) => of.get(blockHash)!;
  }

  #interface(contract: Name): Interface {
    return this.contracts[contract].interface as unknown as Interface;
  }
}

export const takenBack = () =>
  new EssaimError('CHAIN_REORGANISED', 'the chain took blocks back while they were read', { help: 'ask again' });

/** Events by the value of one of their arguments. */
export function by(events: readonly Event[], argument: string): (value: unknown) => Event[] {
  const groups = new Map<string, Event[]>();
  for (const event of events) {
    const key = String(event.args[argument]).toLowerCase();
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return (value) => groups.get(String(value).toLowerCase()) ?? [];
}

/** The greatest block of events. */
export const newest = (...events: readonly Event[][]): number =>
  events.flat().reduce((most, { block }) => Math.max(most, block), 0);
