import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonRpcProvider } from 'ethers';

/** Everything that an onlooker has: each file of a public storage's node, and each call and log of a chain since a block. */
export async function seenByAll(chain: JsonRpcProvider, fromBlock: number, blocks: string): Promise<Buffer[]> {
  const files = readdirSync(blocks, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const seen = files.map((file) => readFileSync(join(file.parentPath, file.name)));
  const logs = await chain.getLogs({ fromBlock });
  for (const { data, topics } of logs)
    seen.push(Buffer.from([...topics, data].map((hex) => hex.slice(2)).join(''), 'hex'));
  // whatever anybody does here leaves a log
  for (const hash of new Set(logs.map(({ transactionHash }) => transactionHash)))
    seen.push(Buffer.from((await chain.getTransaction(hash))!.data.slice(2), 'hex'));
  return seen;
}

/** Whether bytes are among what is seen, as they are or as hex digits. */
export const isSeen = (seen: readonly Buffer[], bytes: Uint8Array): boolean => {
  const plain = Buffer.from(bytes);
  return seen.some((each) => each.includes(plain) || each.includes(plain.toString('hex')));
};
