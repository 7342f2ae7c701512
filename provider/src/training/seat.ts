import { EssaimError, type Hash, type RunTerms } from '@essaim/protocol';
import { RunState } from '@essaim/sdk';
import { ZeroAddress } from 'ethers';
import { accountOf, act } from '../shop.ts';
import type { TrainingShop } from './shop.ts';

const MILLI = 10n ** 15n;
/** Most locks that the registry lets a trainer hold in a run. */
const MOST = 16;

/** Another trainer was faster. */
const LOST = ['TrainingRegistry_Seat', 'TrainingRegistry_NotLate'];

function unlessLost(error: unknown): null {
  if (error instanceof EssaimError && LOST.includes(error.code)) return null;
  throw error;
}

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
    if (holder !== ZeroAddress && !(await vacated(shop, runId, seat, signal))) continue;
    const locks = await affordable(shop, terms, self);
    try {
      await essaim.training.join(runId, seat, locks, signal);
    } catch (error) {
      unlessLost(error);
      continue;
    }
    say({ event: 'seated', runId, seat, locks });
    return true;
  }
  return false;
}

/** Takes a seat from a holder who let the round pass; false where it is not late. */
async function vacated(shop: TrainingShop, runId: Hash, seat: number, signal?: AbortSignal): Promise<boolean> {
  const { contracts, provider } = shop.essaim;
  const { TrainingRegistry } = contracts;
  const [row, { holder, joined }, head] = await Promise.all([
    TrainingRegistry.run(runId),
    TrainingRegistry.seat(runId, seat),
    provider.getBlock('latest'),
  ]);
  const since = row.time > joined ? row.time : joined;
  const isOpen = row.round < row.rounds && row.round - row.settled < row.depth;
  if (!head || !isOpen || Number(row.state) !== RunState.Running || BigInt(head.timestamp) <= since + row.roundSeconds)
    return false;
  if ((await TrainingRegistry.trainer(runId, holder)).turn >= row.turn) return false;
  const call = await TrainingRegistry.vacate.populateTransaction(runId, seat);
  const sent = await act(shop, call, `vacating seat ${seat} of run ${runId}`, signal).catch(unlessLost);
  if (sent) shop.say({ event: 'vacated', runId, seat });
  return sent !== null;
}

/** Locks for every batch that may be pending, or as many as the provision has room for. PROVIDER_STAKE */
async function affordable({ essaim }: TrainingShop, terms: RunTerms, self: string): Promise<number> {
  const { ProtocolParameters } = essaim.contracts;
  const { tokens, locked, thawing } = await essaim.staking.provision(self, 'training');
  const { minimumStake } = await ProtocolParameters.jobRules(await ProtocolParameters.epoch());
  const granted = tokens - thawing;
  const each = terms.collateral * MILLI;
  const room = granted < minimumStake * MILLI ? 0 : Number((granted - locked) / each);
  // of each round a batch of steps, and with several seats an aggregation
  const locks = Math.min(MOST, terms.depth * (terms.seats > 1 ? 2 : 1), room);
  if (locks >= 1) return locks;
  throw new EssaimError('PROVIDER_STAKE', `the provision for training has room for no round of ${each} wei`, {
    help: 'stake MIEL and provision it to the training registry, or wait until rounds that hold it are settled',
    details: { granted, locked, each },
  });
}

/**
 * Locks collateral for one more batch: where a round was taken back, what was made of it holds a lock until it is final.
 * False where the run or the provision has no room.
 */
export async function addLock(
  shop: TrainingShop,
  runId: Hash,
  terms: RunTerms,
  locks: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const { essaim } = shop;
  const self = await accountOf(shop).getAddress();
  const { tokens, locked, thawing } = await essaim.staking.provision(self, 'training');
  if (locks >= MOST || tokens - thawing - locked < terms.collateral * MILLI) return false;
  const call = await essaim.contracts.TrainingRegistry.addLocks.populateTransaction(terms, 1);
  await act(shop, call, `locking one more collateral for run ${runId}`, signal);
  return true;
}
