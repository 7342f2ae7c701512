import { batchIdOf } from '@essaim/sdk';
import { KINDS } from '../kinds.ts';
import type { Soak } from '../soak.ts';
import { eventsOf } from './logs.ts';

/** What became of one way to cheat. */
export interface KindFound {
  readonly name: string;
  readonly played: number;
  readonly convicted: number;
  /** The contract that convicts it. */
  readonly adjudicator: string;
}

export interface Verdicts {
  readonly kinds: readonly KindFound[];
  readonly cheats: number;
  /** Cheats that the verifier convicted before the contract that such a fault belongs to. */
  readonly convicted: number;
  /** Rejected batches of jobs that nobody cheated at. */
  readonly wronged: number;
  /** Honest providers that lost stake, for whatever reason, or whose stake is not free again. */
  readonly honestSlashed: number;
}

/** Who was convicted by whom, as the chain tells it. */
export async function verdictsOf({ hive, posted }: Soak): Promise<Verdicts> {
  const { requester, hands, stake, deployment } = hive;
  const { Claims, JobMarket, StakeManager } = requester.contracts;
  const market = await JobMarket.getAddress();
  const rejected = new Map(
    (await eventsOf(requester, Claims, 'Rejected')).map(({ args }) => [args.batchId as string, args]),
  );
  const kinds = KINDS.map(({ name, adjudicator }) => {
    const played = posted.filter(({ kind }) => kind?.name === name);
    const convicted = played.filter(({ jobId }) => {
      const verdict = rejected.get(batchIdOf(market, jobId));
      const isOurs = verdict?.challenger === hands.verifier.address;
      return isOurs && verdict?.adjudicator === deployment.addresses[adjudicator];
    });
    return { name, adjudicator, played: played.length, convicted: convicted.length };
  });
  const honest = posted.filter(({ kind }) => !kind);
  const taken = await eventsOf(requester, StakeManager, 'Slashed', 'LockBurned');
  let honestSlashed = 0;
  for (const { address } of hands.providers) {
    const { tokens, locked } = await requester.staking.provision(address);
    const isSlashed = taken.some(({ args }) => args.operator === address);
    if (isSlashed || tokens !== stake || locked !== 0n) honestSlashed++;
  }
  return {
    kinds,
    cheats: kinds.reduce((sum, { played }) => sum + played, 0),
    convicted: kinds.reduce((sum, { convicted }) => sum + convicted, 0),
    wronged: honest.filter(({ jobId }) => rejected.has(batchIdOf(market, jobId))).length,
    honestSlashed,
  };
}
