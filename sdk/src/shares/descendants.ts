import type { Provider } from 'ethers';
import { pastLogs } from '../chain/logs.ts';
import type { Contracts } from '../contracts/contracts.ts';

/** Every asset that comes from `asset`, children before their parents: the order in which revenue flows to it. */
export async function descendantsOf(
  provider: Provider,
  { Royalties }: Contracts,
  asset: bigint,
  startBlock: number,
): Promise<bigint[]> {
  const address = await Royalties.getAddress();
  const topics = [Royalties.interface.getEvent('Descended').topicHash];
  const head = await provider.getBlockNumber();
  // A parent exists before its child, so one pass over all lineages, oldest first, sees every generation.
  const found = new Set([asset]);
  for await (const log of pastLogs(provider, { address, topics, fromBlock: startBlock }, head)) {
    const [child, parent] = [BigInt(log.topics[1]), BigInt(log.topics[2])];
    if (found.has(parent)) found.add(child);
  }
  found.delete(asset);
  return [...found].reverse();
}
