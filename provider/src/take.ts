import { EssaimError } from '@essaim/protocol';
import { fetchInputs, JobState, type Model, type Terms } from '@essaim/sdk';
import { inputFaultOf } from './input-fault.ts';
import { refusalOf, requireStake } from './policy.ts';
import type { Refusal } from './refusal.ts';
import { contentsOf } from './sealed/contents.ts';
import { accountOf, act, type Shop } from './shop.ts';

/** Whether this machine can take a job on beside what it has; null if it can, and the job is taken on then. */
export type Admit = (model: Model) => Promise<Refusal | null>;

const never = (message: string, code = 'POLICY'): Refusal => ({ code, message, mayPass: false });

/**
 * Why a posted job is not for us; null if it is worth it, its inputs are here and in range, and it was admitted, which is
 * asked last. PROVIDER_STAKE, and what loading the model and the inputs throws
 */
export async function refusalFor(
  shop: Shop,
  terms: Terms,
  admit: Admit,
  signal?: AbortSignal,
): Promise<Refusal | null> {
  const { essaim, policy, qualifier, quotes } = shop;
  const self = await accountOf(shop).getAddress();
  const refusal = quotes?.isPromised(terms) ? null : refusalOf(policy, terms, self);
  if (refusal) return never(refusal);
  const model = await essaim.models.load(terms.model, terms.programId, signal);
  const unqualified = await qualifier?.refusal(model, signal);
  if (unqualified) return unqualified;
  await requireStake(essaim, terms, self);
  const inputs = await fetchInputs(await contentsOf(shop, terms, signal), model.program, terms, signal);
  const fault = inputFaultOf(model.program, inputs);
  if (fault) return never(fault.reason, 'INPUT_OUT_OF_RANGE');
  return admit(model);
}

/** Whose a job is that was to be accepted: one's own, from the acceptance's block on where that was just sent. */
export type Taken = { readonly isOwn: true; readonly since?: number } | { readonly isOwn: false };

/** Accepts a posted job, unless another was faster. */
export async function acceptJob(shop: Shop, jobId: string, terms: Terms, signal?: AbortSignal): Promise<Taken> {
  const { essaim, say } = shop;
  try {
    const call = await essaim.contracts.JobMarket.accept.populateTransaction(terms);
    const { blockNumber } = await act(shop, call, `accepting job ${jobId}`, signal);
    say({ event: 'accepted', jobId });
    return { isOwn: true, since: blockNumber };
  } catch (error) {
    if (!(error instanceof EssaimError) || error.code !== 'JobMarket_State') throw error;
    const { state, provider } = await essaim.contracts.JobMarket.job(jobId);
    if (state === JobState.Posted || state === JobState.None) throw error;
    // one that it took before a restart, or whose acceptance it did not see; it may be further by now
    if (provider === (await accountOf(shop).getAddress())) return { isOwn: true };
    say({ event: 'lost', jobId });
    return { isOwn: false };
  }
}
