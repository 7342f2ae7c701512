import { EssaimError } from '@essaim/protocol';
import { allLogs } from '../chain/logs.ts';
import { blockAt } from './blocks.ts';
import { chainTime, type HolderContext, reading } from './context.ts';

/** Votes through one pool of an operator. */
export interface PooledVotes {
  pool: bigint;
  operator: string;
  shares: bigint;
  votes: bigint;
}

/** Where the votes of an account come from. In wei of MIEL. */
export interface PowerParts {
  /** Liquid MIEL of the account itself, and who votes with it: nobody, if that is zero. */
  liquid: { own: bigint; delegate: string };
  /** Own stake, free, unbonding and provisioned, and who votes with it. */
  staked: { own: bigint; delegate: string };
  pools: PooledVotes[];
}

/** Voting power of an account at the end of a second. In wei of MIEL. */
export interface Power {
  account: string;
  at: bigint;
  total: bigint;
  /** Votes of liquid MIEL: the account's own, if it delegated to itself, and others'. */
  liquid: bigint;
  /** Votes of staked MIEL: own, others' who named the account, and what it delegated to pools. */
  staked: bigint;
  /** None where the endpoint no longer keeps what was at that second. */
  parts?: PowerParts;
}

const MILLI = 10n ** 15n;
const ONE = 10n ** 18n;

/**
 * Voting power of an account at the end of a past second (default: now), and where it comes from. POWER_FUTURE
 */
export async function readPower(context: HolderContext, account: string, at?: bigint): Promise<Power> {
  const { MielToken, StakeManager } = context.contracts;
  const now = await chainTime(context);
  if (at !== undefined && at >= now) {
    throw new EssaimError('POWER_FUTURE', `second ${at} has not passed`, {
      help: 'ask for a second before now; a proposal’s votes count from its snapshot on',
      details: { at, now },
    });
  }
  const [liquid, staked] = await reading('asking for voting power', () =>
    Promise.all(
      [MielToken, StakeManager].map((it) => (at === undefined ? it.getVotes(account) : it.getPastVotes(account, at))),
    ),
  );
  const block = at === undefined ? undefined : await blockAt(context, at);
  const parts = await partsAt(context, account, block).catch(() => undefined);
  return { account, at: at ?? now, total: liquid + staked, liquid, staked, parts };
}

async function partsAt(context: HolderContext, account: string, block?: number): Promise<PowerParts> {
  const { MielToken, StakeManager } = context.contracts;
  const when = { blockTag: block ?? 'latest' };
  const [balance, liquidDelegate, stakeDelegate, own, ids] = await Promise.all([
    MielToken.balanceOf(account, when),
    MielToken.delegates(account, when),
    StakeManager.delegates(account, when),
    ownStake(context, account, block),
    StakeManager.poolsOf(account, when),
  ]);
  const pools = ids.map(async (pool) => {
    const [{ operator, rate }, { shares }] = await Promise.all([
      StakeManager.poolAt(pool, when),
      StakeManager.backing(pool, account, when),
    ]);
    return { pool, operator, shares, votes: (shares * rate) / ONE };
  });
  return {
    liquid: { own: balance, delegate: liquidDelegate },
    staked: { own, delegate: stakeDelegate },
    pools: await Promise.all(pools),
  };
}

/** Free, unbonding and provisioned stake of an account. */
async function ownStake(context: HolderContext, account: string, block?: number): Promise<bigint> {
  const { contracts, provider, startBlock } = context;
  const { StakeManager } = contracts;
  const when = { blockTag: block ?? 'latest' };
  const filter = {
    address: await StakeManager.getAddress(),
    topics: (await StakeManager.filters.Provisioned(account).getTopicFilter()) as (string | string[] | null)[],
    fromBlock: startBlock,
  };
  const granted = new Map<string, [client: string, slasher: string]>();
  for (const log of await allLogs(provider, filter)) {
    const { client, slasher } = StakeManager.interface.decodeEventLog('Provisioned', log.data, log.topics);
    granted.set(client + slasher, [client, slasher]);
  }
  const [{ free, unbonding }, ...provisions] = await Promise.all([
    StakeManager.account(account, when),
    ...[...granted.values()].map((pair) => StakeManager.provisionOf(account, ...pair, when)),
  ]);
  return provisions.reduce((sum, { tokens }) => sum + tokens * MILLI, free + unbonding);
}
