import type { Provider } from 'ethers';

/** The first block at or after a time in seconds, from `first` on; the head's successor if there is none. */
export async function blockAt(provider: Provider, time: number, first: number): Promise<number> {
  let [low, high] = [first, (await provider.getBlockNumber()) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const block = await provider.getBlock(middle);
    if (!block || block.timestamp < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
