import type { Contracts } from '../contracts/contracts.ts';
import { ClaimState } from '../contracts/states.ts';
import { behind } from './failure.ts';

/** The state of a batch that is known to be there. CHAIN_BEHIND where this endpoint does not have it yet: it is not over. */
export async function batchState(
  { Claims }: Pick<Contracts, 'Claims'>,
  batchId: string,
  about = `batch ${batchId}`,
): Promise<bigint> {
  const state = await Claims.state(batchId);
  if (state === ClaimState.None) throw behind(about);
  return state;
}
