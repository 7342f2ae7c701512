import { toHex } from '@essaim/protocol';
import type { Terms } from '@essaim/sdk';
import type { Failure } from '@essaim/sdk/node';
import type { InputFault } from './input-fault.ts';
import { act, type Shop } from './shop.ts';

/** Share of the free exit's time after which a job whose inputs don't come is given up. */
const PATIENCE = 0.8;

/** Whether an accepted job can still be left for nothing at chain time `now`, and whether it is time to. */
export async function freeExit(shop: Shop, jobId: string, now: number): Promise<{ open: boolean; urgent: boolean }> {
  const { JobMarket, ProtocolParameters } = shop.essaim.contracts;
  const { time, epoch } = await JobMarket.job(jobId);
  const { freeExit: seconds } = await ProtocolParameters.jobRules(epoch);
  const held = now - Number(time);
  return { open: held <= Number(seconds), urgent: held > PATIENCE * Number(seconds) };
}

/** Leaves an accepted job by its free exit; it is open again, to others. */
export async function leaveJob(shop: Shop, jobId: string, terms: Terms, reason: Failure, signal?: AbortSignal) {
  const call = await shop.essaim.contracts.JobMarket.exit.populateTransaction(terms);
  await act(shop, call, `leaving job ${jobId}`, signal);
  shop.say({ event: 'left', jobId, ...reason });
}

/** Ends an accepted job at the requester's cost, as one of its inputs is not what the model declares; the proof's block. */
export async function proveInput(
  shop: Shop,
  jobId: string,
  terms: Terms,
  fault: InputFault,
  signal?: AbortSignal,
): Promise<number> {
  const { index, inputsRoot, siblings, proof, reason } = fault;
  const market = shop.essaim.contracts.JobMarket;
  const call = await market.proveInput.populateTransaction(terms, index, inputsRoot, toHex(siblings), toHex(proof));
  const { blockNumber } = await act(shop, call, `proving the input of job ${jobId} out of range`, signal);
  shop.say({ event: 'input-fault', jobId, code: 'INPUT_OUT_OF_RANGE', message: reason });
  return blockNumber;
}
