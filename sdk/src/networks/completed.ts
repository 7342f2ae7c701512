import { EssaimError } from '@essaim/protocol';
import { type IpfsStorageOptions, ipfsStorage, type Storage } from '@essaim/storage';
import type { JsonRpcProvider } from 'ethers';
import { part } from '../part.ts';

/** What connecting needs of where things are. */
interface Places {
  network?: string | number;
  rpc?: string | JsonRpcProvider;
  deployment?: unknown;
}

/** What the options do not say, out of the network that they name. NETWORK_UNKNOWN, CHAIN_UNNAMED */
export async function completed<T extends Places>(given: T): Promise<T & { rpc: string | JsonRpcProvider }> {
  const { network } = given;
  const known = network === undefined ? {} : (await import('./networks.ts')).networkOf(network);
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const all: T = { ...known, ...(own as T) };
  if (all.rpc !== undefined) return { ...all, rpc: all.rpc };
  throw new EssaimError('CHAIN_UNNAMED', 'no endpoint of a chain is named', {
    help: 'give `rpc`, the address of an RPC endpoint, beside `deployment` or `network`',
  });
}

/** The storage of a connection; where none is named, one that throws STORAGE_NEEDED. */
export function storageOf(given: string | IpfsStorageOptions | Storage | undefined): Storage {
  if (typeof given === 'string') return ipfsStorage({ url: given });
  if (given !== undefined) return 'url' in given ? ipfsStorage(given) : given;
  return part<Storage>(async () => {
    throw new EssaimError('STORAGE_NEEDED', 'this needs an IPFS node, and the connection has none', {
      help: 'connect with `storage`: the address of a Kubo node or of the embedded one',
    });
  });
}
