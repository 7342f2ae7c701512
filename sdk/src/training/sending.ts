import { EssaimError } from '@essaim/protocol';
import type { ContractTransaction, Signer, TransactionReceipt } from 'ethers';
import { send } from '../chain/send.ts';
import type { TrainingContext } from './context.ts';

/** Who signs. WALLET_MISSING */
export function walletOf({ signer }: Pick<TrainingContext, 'signer'>, doing: string): Signer {
  if (signer) return signer;
  throw new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
}

/** Sends a transaction and waits until it is in a block. WALLET_MISSING; what the chain refuses */
export const sendFrom = async (
  context: Pick<TrainingContext, 'signer' | 'interval'>,
  call: Promise<ContractTransaction>,
  doing: string,
  signal?: AbortSignal,
): Promise<TransactionReceipt> =>
  send(walletOf(context, doing), await call, doing, { signal, interval: Math.min(250, context.interval) });
