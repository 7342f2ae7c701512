import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonRpcProvider } from 'ethers';

/** Everything that an onlooker has: each file of a public storage's node, and each call and log of a chain since a block. */
export async function seenByAll(chain: JsonRpcProvider, fromBlock: number, blocks: string): Promise<Buffer[]> {
  const files = readdirSync(blocks, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const seen = files.map((file) => readFileSync(join(file.parentPath, file.name)));
  const head = await chain.getBlockNumber();
  for (let number = fromBlock; number <= head; number++) {
    const block = (await chain.getBlock(number, true))!;
    for (const { data } of block.prefetchedTransactions) seen.push(Buffer.from(data.slice(2), 'hex'));
    for (const { data, topics } of await chain.getLogs({ fromBlock: number, toBlock: number }))
      seen.push(Buffer.from([...topics, data].map((hex) => hex.slice(2)).join(''), 'hex'));
  }
  return seen;
}

/** Whether bytes are among what is seen, as they are or as hex digits. */
export const isSeen = (seen: readonly Buffer[], bytes: Uint8Array): boolean => {
  const hex = Buffer.from(Buffer.from(bytes).toString('hex'));
  return seen.some((each) => each.includes(bytes) || each.includes(hex));
};
