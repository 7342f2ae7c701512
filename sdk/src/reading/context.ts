import type { Provider } from 'ethers';
import type { Contracts } from '../contracts/contracts.ts';

/** Where an indexer is, and how far behind the chain it may be. */
export interface IndexerOptions {
  /** GraphQL over HTTP POST, as graph-node serves it. */
  url: string;
  /** Blocks behind the chain's head until the chain is asked instead. Default 50. */
  maxBehind?: number;
  /** Milliseconds that one answer may take. Default 10,000. */
  timeout?: number;
  /** In place of the global one: for keys in headers, or through a proxy. */
  fetch?: typeof fetch;
}

/** What reading needs of a connection. */
export interface ReadingContext {
  provider: Provider;
  contracts: Contracts;
  addresses: Readonly<Record<string, string>>;
  /** First block worth scanning for events. */
  startBlock: number;
  indexer?: IndexerOptions;
  /** After how many blocks one is final; none: as the chain's `finalized` block says, 64 where it has none. */
  confirmations?: number;
}
