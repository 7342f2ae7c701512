import { artifacts, type ContractName, contractNames } from '../lib/artifacts.ts';

/** Contracts of which many are made; others name them when they are. */
export const CLONES = ['PoolFees', 'Shares'] as const satisfies ContractName[];
export type Clone = (typeof CLONES)[number];
export type Emitter = Exclude<ContractName, Clone>;

/** OpenZeppelin declares them, for proxies and for many tokens at once; no contract here emits them. */
const NEVER_EMITTED = new Set(['EIP712DomainChanged', 'BatchMetadataUpdate']);

/** An event as the ABI has it. */
export interface Event {
  type: 'event';
  name: string;
  inputs: { name: string; type: string; indexed: boolean }[];
}

/** The events of a contract's ABI that can be emitted, in the ABI's order. */
export function eventsOf(name: ContractName): Event[] {
  const abi = artifacts(name).abi as Event[];
  return abi.filter((entry) => entry.type === 'event' && !NEVER_EMITTED.has(entry.name));
}

/** Every contract that is deployed once and emits events. */
export const EMITTERS = contractNames.filter(
  (name): name is Emitter => !(CLONES as readonly string[]).includes(name) && eventsOf(name).length > 0,
);

/** Name of the mapping's function for an event: `jobMarketPosted`. */
export const handlerOf = (name: ContractName, event: string): string =>
  `${name[0].toLowerCase()}${name.slice(1)}${event}`;

/** `Posted(indexed bytes32,indexed address,…)`, as manifests name events. */
export const signatureOf = ({ name, inputs }: Event): string =>
  `${name}(${inputs.map(({ type, indexed }) => (indexed ? `indexed ${type}` : type)).join(',')})`;

/** `Posted(bytes32 indexed jobId, …)`, as Solidity and the tests of handlers name them. */
export const declarationOf = ({ name, inputs }: Event): string =>
  `${name}(${inputs.map(({ name, type, indexed }) => `${type}${indexed ? ' indexed' : ''} ${name}`).join(', ')})`;
