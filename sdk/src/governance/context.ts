import { EssaimError } from '@essaim/protocol';
import type { ContractTransaction, Provider, Signer, TransactionReceipt } from 'ethers';
import { chainFailure } from '../chain/reverts.ts';
import { send } from '../chain/send.ts';
import type { Contracts } from '../contracts/contracts.ts';

/** What holders' tools need of a connection. */
export interface HolderContext {
  chainId: number;
  provider: Provider;
  contracts: Contracts;
  signer?: Signer;
  /** First block worth scanning for events. */
  startBlock: number;
}

/** The signer of a connection. WALLET_MISSING */
export function walletOf({ signer }: HolderContext, doing: string): Signer {
  if (signer) return signer;
  throw new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
}

/** Sends a call as the connection's signer; errors as {@link send} has them. */
export async function transact(
  context: HolderContext,
  call: Promise<ContractTransaction>,
  doing: string,
  signal?: AbortSignal,
): Promise<TransactionReceipt> {
  return send(walletOf(context, doing), await call, doing, { signal });
}

/** Reads from the chain; what fails is named by `doing`. */
export async function reading<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw await chainFailure(cause, doing);
  }
}

/** The chain's time, in seconds. */
export async function chainTime({ provider }: HolderContext): Promise<bigint> {
  const block = await reading('asking for the time', () => provider.getBlock('latest'));
  return BigInt(block?.timestamp ?? 0);
}
