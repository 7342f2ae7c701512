/** What kind of a question a method is, and so how it is answered. */
export type Kind =
  /** The newest block, or its number. */
  | 'head'
  /** State at a block, which is named by the parameter at this place. */
  | { readonly state: number }
  /** What blocks hold. */
  | 'record'
  | 'logs'
  /** A fee, or the gas that a call takes: everybody may see it differently. */
  | 'figure'
  | 'broadcast'
  /** Anything else: whoever answers. */
  | 'any';

const STATE: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getStorageAt: 2,
};
const RECORDS = new Set([
  ...['eth_getBlockByNumber', 'eth_getBlockByHash', 'eth_getTransactionReceipt', 'eth_getTransactionByHash'],
]);
const FIGURES = new Set(['eth_estimateGas', 'eth_maxPriorityFeePerGas', 'eth_gasPrice']);

const isLatest = (tag: unknown): boolean => tag === undefined || tag === null || tag === 'latest';

/** What a call asks for. */
export function kindOf(method: string, params: readonly unknown[]): Kind {
  if (method === 'eth_blockNumber' || (method === 'eth_getBlockByNumber' && isLatest(params[0]))) return 'head';
  const place = STATE[method];
  if (place !== undefined) return params[place] === 'pending' ? 'any' : { state: place };
  if (RECORDS.has(method)) return 'record';
  if (method === 'eth_getLogs') return 'logs';
  if (method === 'eth_sendRawTransaction') return 'broadcast';
  return FIGURES.has(method) ? 'figure' : 'any';
}

/** A call about the newest state, as one about the state at a block: by its hash, so that no other is meant. */
export function atBlock(params: readonly unknown[], place: number, hash: string): unknown[] {
  const pinned = [...params];
  pinned[place] = { blockHash: hash, requireCanonical: true };
  return pinned;
}

/** Whether it is about the newest block. */
export const isOpenEnded = (params: readonly unknown[], place: number): boolean => isLatest(params[place]);

/** Logs up to a block instead of up to the newest. */
export function logsUpTo(params: readonly unknown[], number: number): unknown[] {
  const filter = params[0] as { blockHash?: string; fromBlock?: unknown; toBlock?: unknown };
  if (filter.blockHash !== undefined) return [...params];
  const hex = `0x${number.toString(16)}`;
  const toBlock = isLatest(filter.toBlock) ? hex : filter.toBlock;
  return [{ ...filter, fromBlock: isLatest(filter.fromBlock) ? hex : filter.fromBlock, toBlock }];
}
