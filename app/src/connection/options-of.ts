import type { ConnectOptions } from '@essaim/sdk';
import type { Config } from '../config/config.ts';

/** What somebody else's words name is fetched up to this size; models of more are for applications. */
const MOST_BYTES = 32 * 2 ** 20;

/** How the SDK connects by a configuration; empty settings are none. */
export function optionsOf({ rpc, indexer, storage, deployment }: Config): ConnectOptions {
  return { rpc, deployment, indexer: indexer || undefined, storage: { url: storage, maxBytes: MOST_BYTES } };
}
