import type { Contracts, Deployment } from '@essaim/sdk';
import type { BaseContract, EventLog, Provider } from 'ethers';
import type { Hands } from '../lib/genesis.ts';

/** A deployment as it stands on its chain, and the same made again beside it, which says what everything should be. */
export interface Live {
  provider: Provider;
  deployment: Deployment;
  hands: Hands;
  contracts: Contracts;
  /** `given` stood on the chain before, and is nobody's of this deployment. */
  twin: { provider: Provider; contracts: Contracts; given: Partial<Deployment['addresses']> };
}

/** Blocks that every endpoint answers for at once. */
const SPAN = 5_000;

/** Every event of one name that a contract emitted since the deployment began, oldest first. */
export async function eventsOf(live: Live, contract: BaseContract, name: string): Promise<EventLog[]> {
  const found: EventLog[] = [];
  const latest = await live.provider.getBlockNumber();
  for (let from = live.deployment.startBlock; from <= latest; from += SPAN) {
    const logs = await contract.queryFilter(name, from, Math.min(from + SPAN - 1, latest));
    found.push(...logs.filter((log): log is EventLog => 'args' in log));
  }
  return found;
}

/** The contract of the deployment that stands at an address, or the address itself. */
export function whoIs({ deployment, hands }: Live, address: string): string {
  const same = (at: string) => at.toLowerCase() === address.toLowerCase();
  const [name] = Object.entries(deployment.addresses).find(([, at]) => same(at)) ?? [];
  if (name) return name;
  return same(hands.guardian) ? `the guardian ${address}` : address;
}
