import { allLogs, type Essaim } from '@essaim/sdk';

/** Wei that an account has in bonds of demands that are not divided yet. */
export async function bondsOut({ provider, contracts, deployment }: Essaim, account: string): Promise<bigint> {
  const { Availability } = contracts;
  const [address, fromBlock] = [await Availability.getAddress(), deployment.startBlock];
  const posted = Availability.getEvent('Demanded').fragment.topicHash;
  const divided = Availability.getEvent('Settled').fragment.topicHash;
  const own = `0x${account.slice(2).toLowerCase().padStart(64, '0')}`;
  const demanded = await allLogs(provider, { address, topics: [posted, null, null, own], fromBlock });
  if (demanded.length === 0) return 0n;
  const settled = await allLogs(provider, { address, topics: [divided], fromBlock });
  const over = new Set(settled.map(({ topics }) => topics[1]));
  return demanded
    .map((log) => Availability.interface.parseLog(log)!.args)
    .reduce((sum, { demandId, bond }) => (over.has(demandId) ? sum : sum + bond), 0n);
}
