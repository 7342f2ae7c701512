import { Cursor, DTYPES, decodeInterface, depthOf, fromHex, HEADER_BYTES, type Interface } from '@essaim/protocol';
import { newestLog } from '../chain/logs.ts';
import { contractAt } from './call.ts';
import type { DisputeContext } from './context.ts';
import { showElement, showFloat } from './element.ts';
import type { InputFault } from './types.ts';

const INPUT_FAULT = 2n;

/** Why a job was ended at its requester's cost; null where it was not. */
export async function explainInputFault(context: DisputeContext, jobId: string): Promise<InputFault | null> {
  const { contracts, provider, deployment, startBlock } = context;
  const { JobMarket } = contracts;
  const topics = [JobMarket.getEvent('Refunded').fragment.topicHash, jobId];
  const log = await newestLog(provider, { address: await JobMarket.getAddress(), topics, fromBlock: startBlock });
  const refunded = log && JobMarket.interface.parseLog(log);
  if (!log || refunded?.args.reason !== INPUT_FAULT) return null;
  const transaction = await provider.getTransaction(log.transactionHash);
  const direct = transaction && contractAt(deployment, transaction.to ?? '') === 'JobMarket';
  const call = direct ? JobMarket.interface.parseTransaction(transaction) : null;
  const burned = refunded.args.burned as bigint;
  const told = call?.name === 'proveInput' ? readInputProof(fromHex(call.args.proof)) : UNREAD;
  return { ...told, burned, transaction: log.transactionHash };
}

const UNREAD = { input: 0, what: 'an input is not what the program declares', claimed: null, permitted: null };

/** What an input's proof shows, as `Malformed.inputFault` reads it. */
export function readInputProof(proof: Uint8Array): Omit<InputFault, 'burned' | 'transaction'> {
  const cursor = new Cursor(proof);
  const header = new Cursor(cursor.take(HEADER_BYTES));
  header.take(80);
  const inputCount = header.uint(4);
  const declared = decodeInterface(cursor.take(cursor.uint(2)));
  const input = cursor.uint(1);
  const kind = cursor.uint(1);
  const { type } = declared.inputs[input];
  const shape = `${type.dtype}[${type.dims.join(' × ')}]`;
  if (kind === 0) return { input, what: 'it has another type than declared', claimed: null, permitted: shape };
  if (kind === 2) return { input, what: 'it is missing', claimed: null, permitted: shape };
  const element = cursor.uint(4);
  cursor.take(32 * depthOf(inputCount));
  const { size } = DTYPES[type.dtype];
  const at = (element * size) % 1_024;
  const bits = cursor
    .take(1_024)
    .subarray(at, at + size)
    .reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const what = `its element ${element} lies outside what the program declares`;
  return { input, what, claimed: showElement(type.dtype, bits), permitted: rangeOf(declared, input) };
}

function rangeOf({ inputs }: Interface, input: number): string {
  const { low, high, step } = inputs[input].range;
  const between =
    Number.isFinite(low) || Number.isFinite(high) ? `from ${showFloat(low)} to ${showFloat(high)}` : 'any';
  return step === 0 ? between : `${between}, multiples of ${showFloat(step)}`;
}
