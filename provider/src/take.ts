import { EssaimError } from '@essaim/protocol';
import { fetchInputs, type Terms } from '@essaim/sdk';
import { inputFaultOf } from './input-fault.ts';
import { refusalOf, requireStake } from './policy.ts';
import { contentsOf } from './sealed/contents.ts';
import { accountOf, act, type Shop } from './shop.ts';

/** Accepts a posted job that is worth it and whose inputs are here and in range; false if it is not for us. */
export async function takeJob(shop: Shop, jobId: string, terms: Terms, signal?: AbortSignal): Promise<boolean> {
  const { essaim, policy, say } = shop;
  const self = await accountOf(shop).getAddress();
  const refuse = (message: string, code = 'POLICY'): false => {
    say({ event: 'refused', jobId, code, message });
    return false;
  };
  const refusal = refusalOf(policy, terms, self);
  if (refusal) return refuse(refusal);
  await requireStake(essaim, terms, self);
  const { program } = await essaim.models.load(terms.model, terms.programId, signal);
  const inputs = await fetchInputs(await contentsOf(shop, terms, signal), program, terms, signal);
  const fault = inputFaultOf(program, inputs);
  if (fault) return refuse(fault.reason, 'INPUT_OUT_OF_RANGE');
  try {
    const call = await essaim.contracts.JobMarket.accept.populateTransaction(terms);
    await act(shop, call, `accepting job ${jobId}`, signal);
  } catch (error) {
    if (!(error instanceof EssaimError) || error.code !== 'JobMarket_State') throw error;
    say({ event: 'lost', jobId });
    return false;
  }
  say({ event: 'accepted', jobId });
  return true;
}
