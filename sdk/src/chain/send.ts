import { EssaimError } from '@essaim/protocol';
import type { ContractTransaction, Signer, TransactionReceipt } from 'ethers';
import { chainError } from './reverts.ts';
import { until } from './wait.ts';

/** How long and how often to wait for a receipt, in milliseconds. */
export interface SendOptions {
  signal?: AbortSignal;
  interval?: number;
  timeout?: number;
}

/** One account's transactions go out one after another, so that two parts of a program never race for a nonce. */
const queues = new WeakMap<Signer, Promise<unknown>>();

/** Simulates, signs, sends and waits for one confirmation. `doing` names the action in errors. */
export function send(
  signer: Signer,
  transaction: ContractTransaction,
  doing: string,
  options: SendOptions = {},
): Promise<TransactionReceipt> {
  const turn = (queues.get(signer) ?? Promise.resolve()).then(() => dispatch(signer, transaction, doing, options));
  queues.set(
    signer,
    turn.catch(() => undefined),
  );
  return turn;
}

async function dispatch(
  signer: Signer,
  transaction: ContractTransaction,
  doing: string,
  { signal, interval = 250, timeout = 120_000 }: SendOptions,
): Promise<TransactionReceipt> {
  signal?.throwIfAborted();
  const provider = signer.provider;
  if (!provider)
    throw new EssaimError('WALLET_OFFLINE', `${doing}: the signer has no provider`, { help: 'connect it' });
  try {
    const estimate = await signer.estimateGas(transaction);
    const sent = await signer.sendTransaction({ ...transaction, gasLimit: (estimate * 5n) / 4n });
    const deadline = AbortSignal.timeout(timeout);
    const receipt = await until(async () => (await provider.getTransactionReceipt(sent.hash)) ?? undefined, {
      interval,
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    if (receipt.status === 0) {
      throw new EssaimError('CHAIN_REVERTED', `${doing} reverted in block ${receipt.blockNumber}`, {
        help: 'something changed between simulation and inclusion: simulate again',
        details: { transaction: sent.hash },
      });
    }
    return receipt;
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw chainError(cause, doing);
  }
}
