import { type ConnectOptions, ipfsStorage, type Storage } from '@essaim/sdk';
import type { Config } from '../config/config.ts';

/** What somebody else's words name is fetched up to this size; models of more are for applications. */
const MOST_BYTES = 32 * 2 ** 20;

/** How the SDK connects by a configuration; empty settings are none. */
export function optionsOf({ rpc, indexer, storage, deployment }: Config): ConnectOptions {
  return { rpc, deployment, indexer: indexer || undefined, storage: bounded(ipfsStorage({ url: storage })) };
}

function bounded(storage: Storage): Storage {
  return { ...storage, get: (cid, options) => storage.get(cid, { maxBytes: MOST_BYTES, ...options }) };
}
