import { StorageError } from '../errors.ts';
import type { Storage } from '../storage.ts';
import { type Endpoint, endpointOf } from './endpoint.ts';

export interface IpfsStorageOptions {
  /** Address of a Kubo RPC API: `http://127.0.0.1:5001`, with or without `/api/v0`. */
  url: string;
  /** Sent with every request, such as `{ authorization: 'Bearer ...' }`. */
  headers?: Record<string, string>;
}

/**
 * Storage on an IPFS node that speaks Kubo's RPC: Kubo itself, or the embedded node. Nothing it says is trusted. What
 * talks to it is loaded with the first call.
 */
export function ipfsStorage(options: IpfsStorageOptions): Storage {
  const endpoint = endpointOf(options.url, options.headers);
  let client: Promise<Storage> | undefined;
  const later = <K extends keyof Storage>(call: K): Storage[K] => {
    const calling = async (...given: unknown[]) => {
      client ??= load(endpoint).catch((error: unknown) => {
        client = undefined;
        throw error;
      });
      return ((await client)[call] as (...given: unknown[]) => unknown)(...given);
    };
    return calling as Storage[K];
  };
  return {
    put: later('put'),
    get: later('get'),
    putBlock: later('putBlock'),
    getBlock: later('getBlock'),
    putManifest: later('putManifest'),
    getManifest: later('getManifest'),
    pin: later('pin'),
    unpin: later('unpin'),
    has: later('has'),
  };
}

async function load(endpoint: Endpoint): Promise<Storage> {
  try {
    return (await import('./ipfs-client.ts')).ipfsClient(endpoint);
  } catch (cause) {
    throw new StorageError('STORAGE_UNLOADED', `the client of IPFS nodes was not loaded: ${(cause as Error).message}`, {
      help: 'Check the connection and try again; reload the page where its files have moved since.',
      cause,
    });
  }
}
