import { readFileSync } from 'node:fs';

/** Every contract that emits events: name → path of its artifact's source. Clones have no address of their own. */
const emitters = {
  MielToken: 'governance',
  TimelockController: '@openzeppelin',
  EssaimGovernor: 'governance',
  ProtocolParameters: 'governance',
  EmissionReserve: 'governance',
  StakeManager: 'staking',
  Royalties: 'assets',
  DatasetRegistry: 'assets',
  ModelRegistry: 'assets',
  JudgeRegistry: 'referee',
  Accusations: 'referee',
  Claims: 'claims',
  Penalties: 'claims',
  Availability: 'claims',
  Referee: 'referee',
  Malformed: 'referee',
  JobMarket: 'market',
  BlockRandomness: 'randomness',
  RunEscrow: 'training',
  ScoredRounds: 'training',
  TrainingRegistry: 'training',
} as const;

/** Contracts of which many are made; others name them when they are. */
const clones = { PoolFees: 'staking', Shares: 'assets' } as const;

export type Emitter = keyof typeof emitters;
export type Clone = keyof typeof clones;

export const EMITTERS = Object.keys(emitters) as Emitter[];
export const CLONES = Object.keys(clones) as Clone[];

/** OpenZeppelin declares it for proxies; no contract here emits it. */
const NEVER_EMITTED = new Set(['EIP712DomainChanged']);

/** One parameter of an event as the ABI has it. */
interface Parameter {
  name: string;
  type: string;
  indexed: boolean;
}

export interface Event {
  type: 'event';
  name: string;
  inputs: Parameter[];
}

/** The artifact of a contract that emits events, from the repository's root. */
export function artifactOf(name: Emitter | Clone): string {
  const folder = { ...emitters, ...clones }[name];
  const source = folder === '@openzeppelin' ? '@openzeppelin/contracts/governance' : `contracts/${folder}`;
  return `artifacts/${source}/${name}.sol/${name}.json`;
}

/** The events of a contract's ABI that can be emitted, in the ABI's order. */
export function eventsOf(name: Emitter | Clone): Event[] {
  const url = new URL(`../../${artifactOf(name)}`, import.meta.url);
  const { abi } = JSON.parse(readFileSync(url, 'utf8')) as { abi: Event[] };
  return abi.filter((entry) => entry.type === 'event' && !NEVER_EMITTED.has(entry.name));
}

/** Name of the mapping's function for an event: `jobMarketPosted`. */
export const handlerOf = (name: Emitter | Clone, event: string): string =>
  `${name[0].toLowerCase()}${name.slice(1)}${event}`;

/** `Posted(indexed bytes32,indexed address,…)`, as manifests name events. */
export const signatureOf = ({ name, inputs }: Event): string =>
  `${name}(${inputs.map(({ type, indexed }) => (indexed ? `indexed ${type}` : type)).join(',')})`;

/** `Posted(bytes32 indexed jobId, …)`, as Solidity and the tests of handlers name them. */
export const declarationOf = ({ name, inputs }: Event): string =>
  `${name}(${inputs.map(({ name, type, indexed }) => `${type}${indexed ? ' indexed' : ''} ${name}`).join(', ')})`;
