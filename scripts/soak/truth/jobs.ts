import { JobState } from '@essaim/sdk';
import type { Soak } from '../soak.ts';

const AT_ONCE = 200;

/** How many jobs ended how: `lost` are those that should have ended otherwise. */
export interface Ends {
  readonly paid: number;
  readonly refunded: number;
  readonly lost: number;
}

/** How every posted job ended, read from the chain one by one. */
export async function endsOf({ hive, posted }: Soak): Promise<Ends> {
  const { JobMarket } = hive.requester.contracts;
  const ends = { paid: 0, refunded: 0, lost: 0 };
  for (let at = 0; at < posted.length; at += AT_ONCE) {
    const some = posted.slice(at, at + AT_ONCE);
    const states = await Promise.all(some.map(async ({ jobId }) => (await JobMarket.job(jobId)).state));
    for (const [i, state] of states.entries()) {
      if (state === JobState.Paid && !some[i].kind) ends.paid++;
      else if (state === JobState.Refunded && some[i].kind) ends.refunded++;
      else ends.lost++;
    }
  }
  return ends;
}
