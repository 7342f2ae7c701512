import { blockAt } from '@essaim/daemon';
import { allLogs, ClaimState, type Essaim } from '@essaim/sdk';
import { type Block, zeroPadValue } from 'ethers';

/** What a program that is started has to look at: all else is over, and nothing is asked about it. */
export interface Horizon {
  /** The first block of which a submission's window may not be over. */
  readonly since: number;
  /** Blocks before it with submissions that are not ended all the same. */
  readonly others: readonly number[];
}

export type Outlook = (head: Block) => Promise<Horizon>;

/** So many windows of the longest there ever were. */
export async function windowsSince(
  { provider, contracts, deployment }: Essaim,
  head: Block,
  windows = 1,
): Promise<number> {
  const { ProtocolParameters } = contracts;
  const epochs = Number(await ProtocolParameters.epoch());
  const rules = await Promise.all(
    Array.from({ length: epochs }, (_, before) => ProtocolParameters.claimRules(before + 1)),
  );
  const seconds = windows * Math.max(...rules.map(({ windowSeconds }) => Number(windowSeconds)));
  const blocks = windows * Math.max(...rules.map(({ windowBlocks }) => Number(windowBlocks)));
  const { startBlock } = deployment;
  if (head.number - blocks <= startBlock) return startBlock;
  return Math.min(await blockAt(provider, head.timestamp - seconds, startBlock), head.number - blocks);
}

/**
 * What can still be convicted, by its window or because something of it was demanded, and convictions of ours without
 * their slash; found out once.
 */
export function convictable(essaim: Essaim): Outlook {
  let known: Promise<Horizon> | undefined;
  return (head) => {
    known ??= convictableAt(essaim, head).catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

async function convictableAt(essaim: Essaim, head: Block): Promise<Horizon> {
  const { Claims, Penalties } = essaim.contracts;
  const [since, own, asked] = await Promise.all([windowsSince(essaim, head), rejectedByUs(essaim), demanded(essaim)]);
  const isOpen = async (batchId: string): Promise<boolean> =>
    own.has(batchId) ? !(await Penalties.collected(batchId)) : (await Claims.state(batchId)) === ClaimState.Pending;
  return { since, others: await blocksOf(essaim, [...own, ...asked], since, isOpen) };
}

/** Blocks before one in which those of some batches were submitted that are open. */
export async function blocksOf(
  { contracts }: Essaim,
  batchIds: readonly string[],
  before: number,
  isOpen: (batchId: string) => Promise<boolean>,
): Promise<number[]> {
  const found = await Promise.all(
    [...new Set(batchIds)].map(async (batchId) => {
      const block = Number((await contracts.Claims.submission(batchId)).blockNumber);
      return block < before && (await isOpen(batchId)) ? [block] : [];
    }),
  );
  return [...new Set(found.flat())].sort((a, b) => a - b);
}

async function demanded({ provider, contracts, deployment }: Essaim): Promise<string[]> {
  const { Availability } = contracts;
  const topics = [Availability.getEvent('Demanded').fragment.topicHash];
  const address = await Availability.getAddress();
  return (await allLogs(provider, { address, topics, fromBlock: deployment.startBlock })).map((log) => log.topics[2]);
}

async function rejectedByUs({ provider, contracts, deployment, signer }: Essaim): Promise<Set<string>> {
  const account = await signer?.getAddress();
  if (!account) return new Set();
  const { Claims } = contracts;
  const topics = [Claims.getEvent('Rejected').fragment.topicHash, null, zeroPadValue(account, 32)];
  const address = await Claims.getAddress();
  const logs = await allLogs(provider, { address, topics, fromBlock: deployment.startBlock });
  return new Set(logs.map((log) => log.topics[1]));
}
