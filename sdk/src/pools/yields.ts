import { pastLogs } from '../chain/logs.ts';
import { blockAt } from '../governance/blocks.ts';
import { chainTime, type HolderContext, reading } from '../governance/context.ts';
import type { PoolView } from './pools.ts';

/** What delegators of a pool earned in one token, after the operator's cut. */
export interface Yield {
  token: string;
  /** Since then, in seconds of the chain's clock. */
  since: bigint;
  seconds: bigint;
  /** All that came in, and what of it went to delegators, in the token's smallest unit. */
  earned: bigint;
  toDelegators: bigint;
  /** What one delegated MIEL would earn in a year at this pace, in the token's smallest unit; none without delegators. */
  perMielAndYear?: bigint;
}

const BASIS = 10_000n;
const YEAR = 365n * 86_400n;
const ONE = 10n ** 18n;

/** Yields of a pool over the last `span` seconds, on what is delegated now and does not leave. */
export function readYields(context: HolderContext, pool: PoolView, span: bigint): Promise<Yield[]> {
  const { contracts, provider, startBlock } = context;
  const { interface: events } = contracts.PoolFees;
  return reading('looking for what the pool earned', async () => {
    const now = await chainTime(context);
    const [first, opened] = await Promise.all([blockAt(context, now - span), provider.getBlock(startBlock)]);
    const begun = BigInt(opened?.timestamp ?? 0);
    const since = now - span > begun ? now - span : begun;
    const sums = new Map(pool.tokens.map((token) => [token.toLowerCase(), { earned: 0n, toDelegators: 0n }]));
    const filter = { address: pool.fees, topics: [events.getEvent('Divided').topicHash], fromBlock: first + 1 };
    for await (const log of pastLogs(provider, filter, await provider.getBlockNumber())) {
      const { token, amount, cut } = events.decodeEventLog('Divided', log.data, log.topics);
      const sum = sums.get(token.toLowerCase());
      if (!sum) continue;
      const [whole, share] = [BigInt(amount), BASIS - BigInt(cut)];
      sum.earned += whole;
      sum.toDelegators += (whole * share) / BASIS;
    }
    const active = pool.delegated - pool.thawing;
    const seconds = now - since;
    return pool.tokens.map((token) => {
      const sum = sums.get(token.toLowerCase()) ?? { earned: 0n, toDelegators: 0n };
      const isPaced = active > 0n && seconds > 0n;
      const perMielAndYear = isPaced ? (sum.toDelegators * YEAR * ONE) / (active * seconds) : undefined;
      return { token, since, seconds, ...sum, perMielAndYear };
    });
  });
}
