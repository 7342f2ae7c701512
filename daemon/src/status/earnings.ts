import { allLogs, type Essaim } from '@essaim/sdk';
import type { Log } from 'ethers';

/** What an account earned and lost on the chain from a block on. Amounts in smallest units; MIEL in wei. */
export interface Earnings {
  /** Jobs that were paid, and for how much, by token. */
  readonly jobs: number;
  readonly paid: ReadonlyMap<string, bigint>;
  /** Of convictions of others. */
  readonly bounties: bigint;
  readonly convictions: number;
  /** Of its own stake. */
  readonly slashed: bigint;
  readonly slashes: number;
  /** For audits, by token, as far as it was collected. */
  readonly audits: ReadonlyMap<string, bigint>;
}

/** Jobs whose events are asked for at once: endpoints bound the length of a question. */
const AT_ONCE = 100;

/** Reads the chain's events for what came to an account and what was taken from it since a block. */
export async function earningsOf(
  { provider, contracts, deployment }: Essaim,
  account: string,
  fromBlock: number,
): Promise<Earnings> {
  const { JobMarket, StakeManager, AuditPool } = contracts;
  const own = `0x${account.slice(2).toLowerCase().padStart(64, '0')}`;
  const [market, stakes, pool] = await Promise.all(
    [JobMarket, StakeManager, AuditPool].map((each) => each.getAddress()),
  );
  const logs = (address: string, topics: (string | string[] | null)[]): Promise<Log[]> =>
    allLogs(provider, { address, topics, fromBlock });
  const [paidLogs, slashedLogs, collected] = await Promise.all([
    logs(market, [JobMarket.getEvent('Paid').fragment.topicHash, null, own]),
    logs(stakes, [StakeManager.getEvent('Slashed').fragment.topicHash]),
    logs(pool, [AuditPool.getEvent('Collected').fragment.topicHash, null, own]),
  ]);

  const paid = new Map<string, bigint>();
  const jobs = paidLogs.map(({ topics }) => topics[1]);
  const tokens = new Map<string, string>();
  for (let at = 0; at < jobs.length; at += AT_ONCE) {
    const topics = [JobMarket.getEvent('Posted').fragment.topicHash, jobs.slice(at, at + AT_ONCE)];
    for (const log of await allLogs(provider, { address: market, topics, fromBlock: deployment.startBlock }))
      tokens.set(log.topics[1], JobMarket.interface.parseLog(log)!.args.token);
  }
  for (const log of paidLogs) {
    const { amount } = JobMarket.interface.parseLog(log)!.args;
    add(paid, tokens.get(log.topics[1])!, amount);
  }
  const slashes = slashedLogs.map((log) => StakeManager.interface.parseLog(log)!.args);
  const lost = slashes.filter(({ operator }) => operator.toLowerCase() === account.toLowerCase());
  const won = slashes.filter(({ bountyTo, bounty }) => bountyTo.toLowerCase() === account.toLowerCase() && bounty > 0n);
  const audits = new Map<string, bigint>();
  for (const log of collected) {
    const { token, amount } = AuditPool.interface.parseLog(log)!.args;
    add(audits, token, amount);
  }
  return {
    jobs: paidLogs.length,
    paid,
    bounties: won.reduce((sum, { bounty }) => sum + bounty, 0n),
    convictions: won.length,
    slashed: lost.reduce((sum, { amount }) => sum + amount, 0n),
    slashes: lost.length,
    audits,
  };
}

function add(sums: Map<string, bigint>, token: string, amount: bigint): void {
  sums.set(token, (sums.get(token) ?? 0n) + amount);
}
