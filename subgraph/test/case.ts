import { PLACES } from '../../scripts/subgraph/build.ts';
import { type Clone, declarationOf, type Emitter, eventsOf } from '../../scripts/subgraph/sources.ts';

/** An event as `gnd test` takes it. */
export interface TestEvent {
  address: string;
  event: string;
  params: Record<string, unknown>;
  txHash?: string;
}

/** Events and what the store says after them: a test of `gnd test`. */
export interface Case {
  name: string;
  blocks: { timestamp: number; events: TestEvent[] }[];
  assertions: { query: string; expected: unknown }[];
}

/** When the first block of every case is made; the next ones follow by the minute. */
export const START = 1_700_000_000;

/** A case: each list of events is a block of its own. */
export function tell(name: string, blocks: TestEvent[][], answers: Record<string, unknown>): Case {
  return {
    name,
    blocks: blocks.map((events, i) => ({ timestamp: START + 60 * i, events })),
    assertions: Object.entries(answers).map(([query, expected]) => ({ query: `{ ${query} }`, expected })),
  };
}

const told = new Set<string>();

/** An event of one of the contracts, at its address or that of a clone. */
export function event(
  contract: Emitter | Clone,
  name: string,
  params: Record<string, unknown> = {},
  address = (PLACES.addresses as Record<string, string>)[contract],
): TestEvent {
  const found = eventsOf(contract).find((one) => one.name === name);
  if (!found) throw new Error(`${contract} has no event ${name}`);
  const odd = Object.keys(params).filter((key) => !found.inputs.some((input) => input.name === key));
  if (odd.length > 0 || found.inputs.length !== Object.keys(params).length)
    throw new Error(`${contract}.${name} takes ${found.inputs.map((input) => input.name).join(', ')}, not ${odd}`);
  told.add(`${contract}.${name}`);
  return { address, event: declarationOf(found), params };
}

/** Which events the cases tell of, as `Contract.Event`. */
export const toldOf = (): ReadonlySet<string> => told;

/** 32 bytes that end in this number. */
export const word = (value: number | bigint): string => `0x${value.toString(16).padStart(64, '0')}`;
/** The account of this number. */
export const account = (value: number): string => `0x${'a0'.repeat(19)}${value.toString(16).padStart(2, '0')}`;
export const addressOf = (contract: Emitter): string => PLACES.addresses[contract];
export const NOBODY = `0x${'0'.repeat(40)}`;
