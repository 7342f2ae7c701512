import { EssaimError } from '@essaim/protocol';
import { FetchRequest, JsonRpcProvider, Network } from 'ethers';
import { limit } from './limit.ts';
import { pause } from './wait.ts';

/** How often an endpoint that is asked too often is asked again. */
const RETRIES = 4;

/** Options of a chain connection. Times in milliseconds. */
export interface ChainOptions {
  /** How often receipts and logs are looked for. Default 1,000; local chains want less. */
  pollingInterval?: number;
  /** How long one answer may take. Default 10,000. */
  timeout?: number;
}

/** A provider for one RPC endpoint whose chain id was read once and is never asked again. CHAIN_UNREACHABLE. */
export async function connectChain(url: string, options: ChainOptions = {}): Promise<JsonRpcProvider> {
  const { pollingInterval = 1_000, timeout = 10_000 } = options;
  const chainId = await readChainId(url, timeout);
  const network = Network.from(chainId);
  const request = new FetchRequest(url);
  request.timeout = timeout;
  request.retryFunc = async (_, { headers }, attempt) => {
    const wait = Number(headers['retry-after'] ?? Math.min(0.25 * 2 ** attempt, 4)) * 1_000;
    if (!(wait < timeout) || attempt >= RETRIES) return false;
    await pause(wait * (1 + Math.random() / 10));
    return true;
  };
  return new JsonRpcProvider(request, network, { staticNetwork: network, cacheTimeout: -1, pollingInterval });
}

/** ethers retries a dead endpoint for ever; one plain request tells whether it is there. */
async function readChainId(url: string, timeout: number): Promise<bigint> {
  const { signal, free } = limit({ signals: [], timeout });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
      signal,
    });
    const { result } = (await response.json()) as { result: string };
    return BigInt(result);
  } catch (cause) {
    const where = hostOf(url);
    throw new EssaimError('CHAIN_UNREACHABLE', `no chain answers at ${where}`, {
      help: 'check the RPC address and that the node is running',
      cause: URL.canParse(url) ? cause : undefined,
      details: { url: where },
    });
  } finally {
    free();
  }
}

/** Paths and users of RPC addresses often are keys: they are shown nowhere. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'an address that is no URL');
