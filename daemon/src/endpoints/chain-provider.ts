import { AsyncLocalStorage } from 'node:async_hooks';
import { EssaimError } from '@essaim/protocol';
import { JsonRpcProvider, Network } from 'ethers';
import { atOnce, type Begin } from '../until-there.ts';
import type { RpcError } from './answer.ts';
import { atBlock, isOpenEnded, kindOf, logsUpTo } from './calls.ts';
import { Endpoint } from './endpoint.ts';
import { Endpoints, type OnError } from './endpoints.ts';
import type { Seen } from './heads.ts';
import type { EndpointWatcher } from './member.ts';
import type { Worth } from './standing.ts';

/** How the chain is reached. Times in milliseconds. */
export interface ChainPlaces {
  /** RPC endpoints, the best first. */
  readonly rpc: readonly string[];
  /** How many of them have to say the same; by default a majority of three and more, else one. */
  readonly quorum?: number;
  /** How long one answer may take. */
  readonly rpcTimeout: number;
  /** Between two looks at the chain. */
  readonly polling: number;
}

const LONGEST_FRESH = 500;
/** Requests of ours and answers cross: no block is newer than this many milliseconds. */
const AT_ONCE = 5;

/** How many of `count` endpoints have to agree unless it is said. */
export const quorumOf = (count: number): number => (count < 3 ? 1 : Math.floor(count / 2) + 1);

/**
 * A provider over several endpoints. What it reads of the newest state it reads at a block that enough of them have, and
 * believes where enough say the same. CHAIN_UNREACHABLE, CHAIN_MISMATCH, OPTION_INVALID
 */
export async function openChain(
  { rpc, quorum = quorumOf(rpc.length), rpcTimeout, polling }: ChainPlaces,
  chainId: number,
  watcher: EndpointWatcher = SILENT,
  begin: Begin = atOnce,
): Promise<ChainProvider> {
  if (quorum < 1 || quorum > rpc.length) {
    throw new EssaimError('OPTION_INVALID', `${quorum} of ${rpc.length} endpoints cannot agree`, {
      help: 'give --quorum as a number up to that of --rpc',
    });
  }
  const labels = labelsOf(rpc);
  const all = rpc.map((url, at) => new Endpoint(url, labels[at], rpcTimeout));
  const freshness = Math.min(polling / 2, LONGEST_FRESH);
  const endpoints = new Endpoints(all, { chainId, quorum, freshness, timeout: rpcTimeout }, watcher);
  await begin(() => endpoints.prove());
  return new ChainProvider(endpoints, chainId, polling);
}

/** See `openChain`. */
export class ChainProvider extends JsonRpcProvider {
  readonly #endpoints: Endpoints;
  readonly #pins = new AsyncLocalStorage<Seen>();
  readonly #chainId: number;

  constructor(endpoints: Endpoints, chainId: number, pollingInterval: number) {
    const network = Network.from(chainId);
    super(undefined, network, { staticNetwork: network, cacheTimeout: -1, pollingInterval });
    this.#endpoints = endpoints;
    this.#chainId = chainId;
  }

  /** What each endpoint is worth now. */
  endpoints(): { endpoint: string; worth: Worth }[] {
    return this.#endpoints.worths();
  }

  /**
   * Has all that `work` reads of the newest state be of one block, also what it reads later. CHAIN_REORGANISED if that
   * block is gone before `work` ends.
   */
  async atOneBlock<T>(work: () => Promise<T>): Promise<T> {
    if (this.#pins.getStore()) return work();
    const pin = await this.#endpoints.head(AT_ONCE);
    return this.#pins.run(pin, work);
  }

  override async send(method: string, params: unknown[] | Record<string, unknown>): Promise<unknown> {
    if (this.destroyed) throw new EssaimError('CHAIN_FAILED', 'the connection was closed', { help: 'connect again' });
    const list = Array.isArray(params) ? params : [params];
    const onError = (error: RpcError): Error =>
      this.getRpcError({ id: 0, jsonrpc: '2.0', method, params }, { id: 0, error });
    const kind = kindOf(method, list);
    if (method === 'eth_chainId') return `0x${this.#chainId.toString(16)}`;
    if (kind === 'head') {
      const { block } = this.#pins.getStore() ?? (await this.#endpoints.head(AT_ONCE));
      return method === 'eth_blockNumber' ? block.number : block;
    }
    if (kind === 'figure') return this.#endpoints.middle(method, list, onError);
    if (kind === 'broadcast') return this.#endpoints.broadcast(list[0] as string, onError);
    if (kind === 'any') return this.#endpoints.any(method, list, onError);
    if (kind === 'logs') return this.#logs(method, list, onError);
    if (kind === 'record') return this.#record(method, list, onError);
    return this.#state(method, list, kind.state, onError);
  }

  /** State at the pinned block; without a pin at the newest, or the one after it where that is just gone. */
  async #state(method: string, params: unknown[], place: number, onError: OnError): Promise<unknown> {
    if (!isOpenEnded(params, place)) return this.#endpoints.agreed(method, params, false, onError);
    const pin = this.#pins.getStore();
    const at = ({ block }: Seen) =>
      this.#endpoints.agreed(method, atBlock(params, place, block.hash as string), true, onError);
    if (!pin) {
      const head = await this.#endpoints.head();
      try {
        return await at(head);
      } catch (error) {
        const next = await this.#endpoints.head(0);
        if (next.said === head.said) throw error;
        return at(next);
      }
    }
    try {
      return await at(pin);
    } catch (error) {
      const now = await this.#endpoints.agreed(
        ...(['eth_getBlockByNumber', [pin.block.number, false], false, onError] as const),
      );
      if ((now as Seen['block'] | null)?.hash === pin.block.hash) throw error;
      throw new EssaimError('CHAIN_REORGANISED', `block ${pin.number} is not part of the chain any more`, {
        help: 'what was read of it is forgotten, and read again',
        cause: error,
      });
    }
  }

  async #logs(method: string, params: unknown[], onError: OnError): Promise<unknown> {
    const head = this.#pins.getStore() ?? (await this.#endpoints.head());
    return this.#endpoints.agreed(method, logsUpTo(params, head.number), false, onError);
  }

  /** What a block holds; nothing of a block that is above the head that all else is read at. */
  async #record(method: string, params: unknown[], onError: OnError): Promise<unknown> {
    const found = (await this.#endpoints.agreed(method, params, method === 'eth_getBlockByHash', onError)) as {
      blockNumber?: string;
    } | null;
    if (!found?.blockNumber) return found;
    const isKnown = async (age?: number) => (await this.#endpoints.head(age)).number >= Number(found.blockNumber);
    return (await isKnown()) || (await isKnown(AT_ONCE)) ? found : null;
  }
}

const nothing = (): void => {};
const SILENT: EndpointWatcher = { say: nothing, answered: nothing, standing: nothing, disagreed: nothing };

/** Hosts; the second endpoint at one is called `host#2`. */
function labelsOf(urls: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return urls.map((url) => {
    const { host } = new URL(url);
    const count = (seen.get(host) ?? 0) + 1;
    seen.set(host, count);
    return count === 1 ? host : `${host}#${count}`;
  });
}
