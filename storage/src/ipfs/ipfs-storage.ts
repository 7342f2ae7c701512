import { StorageError } from '../errors.ts';
import type { Storage } from '../storage.ts';
import { endpointOf } from './endpoint.ts';
import type { Patience } from './read-block.ts';

export interface IpfsStorageOptions {
  /** Address of a Kubo RPC API: `http://127.0.0.1:5001`, with or without `/api/v0`. */
  url: string;
  /** Sent with every request, such as `{ authorization: 'Bearer ...' }`. */
  headers?: Record<string, string>;
  /** The largest file read unless a call says otherwise. Default 256 MiB. */
  maxBytes?: number;
  /** Addresses of gateways that give blocks: read from where the node fails, is late or gives other bytes. */
  gateways?: readonly string[];
  /** How long sources are waited for; by default 2 seconds for another, 15 for an answer that stands still. */
  patience?: Patience;
}

/**
 * Storage on an IPFS node that speaks Kubo's RPC: Kubo itself, or the embedded node. Nothing it says is trusted. What
 * reads and what writes is loaded with the first call of each kind.
 */
export function ipfsStorage(options: IpfsStorageOptions): Storage {
  const endpoint = endpointOf(options.url, options.headers);
  const read = later(async () => (await import('./ipfs-reader.ts')).ipfsReader(endpoint, options));
  const write = later(async () => (await import('./ipfs-writer.ts')).ipfsWriter(endpoint));
  return {
    get: read('get'),
    getBlock: read('getBlock'),
    getManifest: read('getManifest'),
    put: write('put'),
    putBlock: write('putBlock'),
    putManifest: write('putManifest'),
    pin: write('pin'),
    unpin: write('unpin'),
    has: write('has'),
  };
}

/** Calls of something that is loaded with the first of them, and again where that failed. */
function later<T extends Partial<Storage>>(load: () => Promise<T>): <K extends keyof T>(call: K) => T[K] {
  let loading: Promise<T> | undefined;
  const loaded = () => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw unloaded(cause);
    });
    return loading;
  };
  return <K extends keyof T>(call: K) => {
    const calling = async (...given: unknown[]) =>
      ((await loaded())[call] as (...given: unknown[]) => unknown)(...given);
    return calling as T[K];
  };
}

const unloaded = (cause: unknown): StorageError =>
  new StorageError('STORAGE_UNLOADED', `the client of IPFS nodes was not loaded: ${(cause as Error).message}`, {
    help: 'Check the connection and try again; reload the page where its files have moved since.',
    cause,
  });
