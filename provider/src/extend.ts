import { EssaimError, type Question, questionArgument } from '@essaim/protocol';
import type { Block } from 'ethers';
import { act, type Shop } from './shop.ts';

/** A demand as the contract tells it: the base fee that its bond covers, in wei, and when its clock is over. */
interface Clock {
  readonly fee: bigint;
  /** Seconds. */
  readonly endsAt: bigint;
  readonly endsAtBlock: bigint;
}

/** More gas than extending takes: simulations know no base fee, so that it cannot be estimated. */
const GAS = 150_000n;

/**
 * Whether an answer should wait for a lower base fee, because the bond does not cover half of it at this one. Has the
 * clock extended as often as it may be; in the last quarter of the last one it waits no more. `first` is when the clock
 * was to end at first, in seconds.
 */
export async function waitsForFee(
  shop: Pick<Shop, 'essaim' | 'say'>,
  question: Question,
  first: bigint,
  { fee, endsAt, endsAtBlock }: Clock,
  head: Block,
  signal?: AbortSignal,
): Promise<boolean> {
  const { Availability, Claims, ProtocolParameters } = shop.essaim.contracts;
  if ((head.baseFeePerGas ?? 0n) <= fee) return false;
  const { batchId, leaf, kind, index } = question;
  const { epoch } = await Claims.batch(batchId);
  const { clockSeconds, clockBlocks, extensions } = await ProtocolParameters.demandRules(epoch);
  const [now, block] = [BigInt(head.timestamp), BigInt(head.number)];
  const extended = (endsAt - first) / clockSeconds;
  const isLast = now > endsAt - clockSeconds && block > endsAtBlock - clockBlocks;
  if (extended >= extensions || !isLast) return 4n * (endsAt - now) > clockSeconds;
  const call = await Availability.extend.populateTransaction(questionArgument(question), { gasLimit: GAS });
  try {
    // its point is the fee of now: later it is refused
    await act(shop, call, `extending the clock of a demand for ${kind} ${index}`, signal, now);
  } catch (error) {
    // the fee may have fallen meanwhile
    if (!(error instanceof EssaimError) || error.code !== 'CHAIN_REVERTED') throw error;
    return false;
  }
  shop.say({ event: 'extended', batchId, leaf, kind, index });
  return true;
}
