import { EssaimError, type Hash, type RunTerms } from '@essaim/protocol';
import { ZeroAddress } from 'ethers';
import { accountOf } from '../shop.ts';
import type { TrainingShop } from './shop.ts';

const MILLI = 10n ** 15n;
/** Most locks that the registry lets a trainer hold in a run. */
const MOST = 16;

/** Takes a free seat of a run, with as many locks as its depth and the provision allow; false if there is none. */
export async function takeSeat(
  shop: TrainingShop,
  runId: Hash,
  terms: RunTerms,
  signal?: AbortSignal,
): Promise<boolean> {
  const { essaim, say } = shop;
  const { TrainingRegistry } = essaim.contracts;
  const self = await accountOf(shop).getAddress();
  for (let seat = 0; seat < terms.seats; seat++) {
    const { holder } = await TrainingRegistry.seat(runId, seat);
    if (holder !== ZeroAddress) continue;
    const locks = await affordable(shop, terms, self);
    try {
      await essaim.training.join(runId, seat, locks, signal);
    } catch (error) {
      if (error instanceof EssaimError && error.code === 'TrainingRegistry_Seat') continue;
      throw error;
    }
    say({ event: 'seated', runId, seat, locks });
    return true;
  }
  return false;
}

/** Locks for every round that may be pending, or as many as the provision has room for. PROVIDER_STAKE */
async function affordable({ essaim }: TrainingShop, terms: RunTerms, self: string): Promise<number> {
  const { FixedParameters } = essaim.contracts;
  const { tokens, locked, thawing } = await essaim.staking.provision(self, 'training');
  const { minimumStake } = await FixedParameters.jobRules(await FixedParameters.epoch());
  const granted = tokens - thawing;
  const each = terms.collateral * MILLI;
  const room = granted < minimumStake * MILLI ? 0 : Number((granted - locked) / each);
  const locks = Math.min(MOST, terms.depth, room);
  if (locks >= 1) return locks;
  throw new EssaimError('PROVIDER_STAKE', `the provision for training has room for no round of ${each} wei`, {
    help: 'stake MIEL and provision it to the training registry, or wait until rounds that hold it are settled',
    details: { granted, locked, each },
  });
}
