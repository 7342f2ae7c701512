import type { Clone, Emitter } from './sources.ts';
import { CLONES, EMITTERS, eventsOf, handlerOf, signatureOf } from './sources.ts';

/** Where the contracts of one network stand: what `deployments/<chainId>.json` says. */
export interface Places {
  startBlock: number;
  addresses: Partial<Record<Emitter, string>>;
}

/** Where the parts of a subgraph lie, relative to its manifest. */
export interface Files {
  schema: string;
  mapping: string;
  abi(name: Emitter | Clone): string;
}

/**
 * The manifest of one network, which is JSON and so YAML too: a handler for every event of every contract that is
 * deployed there, and of the clones that those make.
 */
export function manifest(network: string, { startBlock, addresses }: Places, files: Files): string {
  const mapping = (name: Emitter | Clone) => ({
    kind: 'ethereum/events',
    apiVersion: '0.0.9',
    language: 'wasm/assemblyscript',
    entities: ['Protocol'],
    abis: [{ name, file: files.abi(name) }],
    eventHandlers: eventsOf(name).map((event) => ({
      event: signatureOf(event),
      handler: handlerOf(name, event.name),
    })),
    file: files.mapping,
  });
  const kind = 'ethereum';
  const there = EMITTERS.filter((name) => addresses[name]);
  return `${JSON.stringify(
    {
      specVersion: '1.3.0',
      description: 'Essaim: an open market for verifiable AI work',
      indexerHints: { prune: 'never' },
      schema: { file: files.schema },
      dataSources: there.map((name) => ({
        kind,
        name,
        network,
        source: { abi: name, address: addresses[name]?.toLowerCase(), startBlock },
        mapping: mapping(name),
      })),
      templates: CLONES.map((name) => ({ kind, name, network, source: { abi: name }, mapping: mapping(name) })),
    },
    null,
    2,
  )}\n`;
}
