import type { HolderContext } from './context.ts';

/** The last block of a second: the newest whose time is not after it. */
export async function blockAt({ provider, startBlock }: HolderContext, time: bigint): Promise<number> {
  let low = startBlock;
  let high = await provider.getBlockNumber();
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const block = await provider.getBlock(middle);
    if (block !== null && BigInt(block.timestamp) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}
