import type { ListKinds } from '../kinds.ts';
import type { Fact } from '../types/index.ts';
import type { Event, View } from './view.ts';

/** A row with the newest block that something of it happened in. */
export interface Dated<T> {
  fact: Fact<T>;
  newest: number;
}

/** How the chain tells rows of one kind: by the events that begin them, and by what came after. */
export interface ChainList<K extends keyof ListKinds> {
  /** Fields that it cannot tell. */
  missing: readonly string[];
  /** The contract whose events begin such rows, which ones, and by which indexed arguments a query narrows them. */
  contract(query: ListKinds[K][1]): {
    contract: keyof View['contracts'];
    names: string[];
    args: (string | null | undefined)[];
  };
  /** The rows of such events, in the same order; several events of one thing give one row. */
  rows(view: View, born: readonly Event[], query: ListKinds[K][1]): Promise<Dated<ListKinds[K][0]>[]>;
  /** What of a query the events alone do not decide. */
  matches?(row: Fact<ListKinds[K][0]>, query: ListKinds[K][1]): boolean;
}

/** An address or number as a topic. */
export const topic = (value: string | bigint | undefined): string | undefined =>
  value === undefined ? undefined : `0x${BigInt(value).toString(16).padStart(64, '0')}`;

export const isSame = (a: string | null, b: string | undefined): boolean =>
  b === undefined || a?.toLowerCase() === b.toLowerCase();

export const isOne = <T>(a: T, b: T | T[] | undefined): boolean =>
  b === undefined || (Array.isArray(b) ? b.includes(a) : a === b);

export const orNull = (address: string): string | null => (BigInt(address) === 0n ? null : address);
