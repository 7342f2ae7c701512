import type { EssaimError } from '@essaim/protocol';
import type { Provider } from 'ethers';
import { chainFailure } from '../../chain/reverts.ts';
import type { Contracts } from '../../contracts/contracts.ts';
import type { Action } from '../actions.ts';
import { type HolderContext, reading } from '../context.ts';
import { type Difference, differences, readState } from '../state.ts';
import { Copy, type Moment } from './copy.ts';

/** What calls of the timelock would do at one block. */
export interface Trial {
  block: number;
  /** The second that it was then: the one asked for, or the block's own where the endpoint cannot set its clock. */
  time: bigint;
  /** Of what governance governs, all that is other afterwards; nothing where a call is refused. */
  changes: Difference[];
  /** The first call that is refused, and with what error: the whole proposal is then refused. */
  refused?: { action: number; error: EssaimError };
}

/**
 * Makes the calls of a proposal, as the timelock and in their order, on the newest block of the chain as if it were second
 * `time`, inside one `eth_call` that changes nothing, and compares what governance governs before and after. Vote, wait
 * and what else happens until then are not played. TRIAL_UNAVAILABLE
 */
export async function tryOut(context: HolderContext, actions: readonly Action[], time?: bigint): Promise<Trial> {
  const block = await reading('asking for the newest block', () => context.provider.getBlockNumber());
  const asked =
    time === undefined ? undefined : await attempt(context, actions, { block, time }).catch(() => undefined);
  return asked ?? attempt(context, actions, { block });
}

async function attempt(context: HolderContext, actions: readonly Action[], moment: Moment): Promise<Trial> {
  const after = new Copy(context, actions, moment);
  const { answers, time } = await after.answers();
  const done = { block: moment.block, time };
  const action = answers.findIndex(({ ok }) => !ok);
  if (action >= 0) {
    const error = await chainFailure({ data: answers[action].data }, `call ${action + 1}`);
    return { ...done, changes: [], refused: { action, error } };
  }
  const copies = [new Copy(context, [], moment), after];
  const [was, is] = await Promise.all(copies.map((copy) => readState(on(context, copy))));
  return { ...done, changes: differences(was, is) };
}

/** A context whose contracts are read on a copy. */
function on(context: HolderContext, copy: Copy): HolderContext {
  const contracts = Object.fromEntries(
    Object.entries(context.contracts).map(([name, contract]) => [name, contract.connect(copy)]),
  ) as unknown as Contracts;
  return { ...context, contracts, provider: copy as unknown as Provider };
}
