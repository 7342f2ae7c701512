import { EssaimError, type Question, questionArgument } from '@essaim/protocol';
import type { Block } from 'ethers';
import { act, type Shop } from './shop.ts';

/** A demand as the contract tells it: the base fee that its bond covers, in wei, and when its clock is over. */
interface Clock {
  readonly fee: bigint;
  readonly endsAt: bigint;
}

/**
 * Whether an answer should wait for a lower base fee, because the bond does not cover half of it at this one. Has the
 * clock extended as often as it may be; in the last quarter of the last one it waits no more.
 */
export async function waitsForFee(
  shop: Pick<Shop, 'essaim' | 'say'>,
  question: Question,
  { fee, endsAt }: Clock,
  head: Block,
  signal?: AbortSignal,
): Promise<boolean> {
  const { Availability, Claims, FixedParameters } = shop.essaim.contracts;
  if ((head.baseFeePerGas ?? 0n) <= fee) return false;
  const argument = questionArgument(question);
  try {
    await Availability.extend.staticCall(argument);
  } catch {
    const { epoch } = await Claims.batch(question.batchId);
    const { clockSeconds } = await FixedParameters.demandRules(epoch);
    return 4n * (endsAt - BigInt(head.timestamp)) > clockSeconds;
  }
  const call = await Availability.extend.populateTransaction(argument);
  try {
    await act(shop, call, 'extending the clock of a demand', signal);
  } catch (error) {
    // the fee may have fallen, or somebody else extended it
    if (!(error instanceof EssaimError) || !error.code.startsWith('Availability_')) throw error;
    return false;
  }
  const { leaf, kind, index, batchId } = question;
  shop.say({ event: 'extended', batchId, leaf, kind, index });
  return true;
}
