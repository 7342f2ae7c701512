import { newestLog } from '../chain/logs.ts';
import type { DisputeContext } from './context.ts';
import type { Penalty } from './types.ts';

/** Provisions and locks count in milli-MIEL. */
export const MILLI = 10n ** 15n;

/** What was taken of a rejected batch's lock, and where it went; null until somebody collected it. */
export async function explainPenalty(
  { contracts, provider, startBlock }: DisputeContext,
  batchId: string,
  lock: bigint,
): Promise<Penalty | null> {
  const { Penalties, StakeManager } = contracts;
  const topics = [Penalties.getEvent('Collected').fragment.topicHash, batchId];
  const log = await newestLog(provider, { address: await Penalties.getAddress(), topics, fromBlock: startBlock });
  const receipt = log && (await provider.getTransactionReceipt(log.transactionHash));
  if (!log || !receipt) return null;
  const stake = (await StakeManager.getAddress()).toLowerCase();
  const slashed = receipt.logs
    .filter(({ address, index }) => address.toLowerCase() === stake && index > log.index)
    .map((entry) => StakeManager.interface.parseLog(entry))
    .find((entry) => entry?.name === 'Slashed');
  if (!slashed) return null;
  const [amount, bounty, compensation] = ['amount', 'bounty', 'compensation'].map(
    (name) => slashed.args[name] as bigint,
  );
  const { bountyTo, compensationTo } = slashed.args;
  return {
    lock,
    bounty,
    bountyTo,
    compensation,
    compensationTo,
    burned: amount - bounty - compensation,
    returned: lock - amount,
    transaction: log.transactionHash,
  };
}
