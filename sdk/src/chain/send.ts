import { EssaimError } from '@essaim/protocol';
import type { ContractTransaction, Provider, Signer, TransactionReceipt, TransactionResponse } from 'ethers';
import { limit } from './limit.ts';
import { chainFailure } from './reverts.ts';
import { unlessAborted, until } from './wait.ts';

/** How long and how often to wait for a receipt, in milliseconds. */
export interface SendOptions {
  signal?: AbortSignal;
  /** Default 250. */
  interval?: number;
  /** Default 120,000. */
  timeout?: number;
  /** Called at the last moment at which nothing was handed to the wallet; from here on the signal stops the wait only. */
  onSigning?: () => void;
  /** Chain time, in seconds, by which it has to be in a block: a signer that delivers pays more for it then. */
  deadline?: number;
}

/** A signer that itself sees to it that a transaction comes into a block: it keeps a record, and replaces what is stuck. */
interface Deliverer {
  deliver(transaction: ContractTransaction, doing: string, options: SendOptions): Promise<TransactionReceipt>;
}

const delivers = (signer: Signer): signer is Signer & Deliverer => 'deliver' in signer;

/** How often a receipt must be missing although its nonce is used. */
const REPLACED_AFTER = 5;

/** One account's transactions go out one after another, so that two parts of a program never race for a nonce. */
const queues = new WeakMap<Signer, Promise<unknown>>();

/**
 * Simulates (unless the transaction says its gas), signs, sends and waits for one confirmation. `doing` names the action in errors: a contract's own error,
 * WALLET_OFFLINE, WALLET_REJECTED, WALLET_FUNDS, CHAIN_REVERTED, CHAIN_REPLACED, CHAIN_UNCONFIRMED, CHAIN_FAILED. An
 * abort before signing rejects with the signal's reason; after it, with CHAIN_UNCONFIRMED.
 */
export function send(
  signer: Signer,
  transaction: ContractTransaction,
  doing: string,
  options: SendOptions = {},
): Promise<TransactionReceipt> {
  if (delivers(signer)) return dispatch(signer, transaction, doing, options);
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
  options: SendOptions,
): Promise<TransactionReceipt> {
  const { signal, interval = 250, timeout = 120_000, onSigning } = options;
  signal?.throwIfAborted();
  const provider = signer.provider;
  if (!provider)
    throw new EssaimError('WALLET_OFFLINE', `${doing}: the signer has no provider`, { help: 'connect it' });
  let sent: TransactionResponse;
  try {
    const gasLimit = transaction.gasLimit ?? ((await unlessAborted(signer.estimateGas(transaction), signal)) * 5n) / 4n;
    signal?.throwIfAborted();
    if (delivers(signer)) return succeeded(await signer.deliver({ ...transaction, gasLimit }, doing, options), doing);
    onSigning?.();
    sent = await signer.sendTransaction({ ...transaction, gasLimit });
  } catch (cause) {
    if (signal?.aborted && cause === signal.reason) throw cause;
    throw await chainFailure(cause, doing);
  }
  return succeeded(await receiptOf(provider, sent, doing, { signal, interval, timeout }), doing);
}

function succeeded(receipt: TransactionReceipt, doing: string): TransactionReceipt {
  if (receipt.status === 1) return receipt;
  throw new EssaimError('CHAIN_REVERTED', `${doing} reverted in block ${receipt.blockNumber}`, {
    help: 'something changed between simulation and inclusion: simulate again',
    details: { transaction: receipt.hash },
  });
}

async function receiptOf(
  provider: Provider,
  sent: TransactionResponse,
  doing: string,
  { signal, interval, timeout }: { signal?: AbortSignal; interval: number; timeout: number },
): Promise<TransactionReceipt> {
  const details = { transaction: sent.hash };
  const limited = limit({ signals: [signal], timeout });
  let missed = 0;
  const look = async () => {
    const nonce = await provider.getTransactionCount(sent.from);
    const receipt = await provider.getTransactionReceipt(sent.hash);
    if (receipt) return receipt;
    // Nodes behind one endpoint differ by a block or two: once is no proof.
    missed = nonce > sent.nonce ? missed + 1 : 0;
    if (missed < REPLACED_AFTER) return undefined;
    throw new EssaimError('CHAIN_REPLACED', `${doing}: another transaction took the place of ${sent.hash}`, {
      help: 'the wallet sped it up or cancelled it: look at the chain for what became of it',
      details,
    });
  };
  try {
    return await unlessAborted(until(look, { interval, signal: limited.signal }), limited.signal);
  } catch (cause) {
    if (!limited.signal.aborted) throw await chainFailure(cause, doing);
    throw new EssaimError('CHAIN_UNCONFIRMED', `${doing}: sent as ${sent.hash}, and no longer waited for`, {
      help: 'it may still be included: look for the transaction before sending it again',
      cause: limited.signal.reason,
      details,
    });
  } finally {
    limited.free();
  }
}
