import { EssaimError } from '@essaim/protocol';
import type { Archive, Tracer } from '@essaim/runtime';
import { type Essaim, send } from '@essaim/sdk';
import type { SealingKey } from '@essaim/storage';
import type { ContractTransaction, Signer, TransactionReceipt } from 'ethers';
import type { Capacity } from './capacity/capacity.ts';
import type { ProviderEvent } from './events.ts';
import type { Quotes } from './offers/quotes.ts';
import type { Policy } from './policy.ts';
import type { Qualifier } from './qualified/qualifier.ts';

/** What a provider works with. */
export interface Shop {
  readonly essaim: Essaim;
  readonly policy: Policy;
  readonly trace: Tracer;
  /** Runs what nobody else may see; `trace` where it is not given. */
  readonly own?: Tracer;
  /** What jobs are sealed to; without it sealed jobs are refused. */
  readonly sealing?: SealingKey;
  readonly archive: Archive;
  readonly say: (event: ProviderEvent) => void;
  /** Where its data is, whose room is looked at before a job is accepted. */
  readonly folder?: string;
  /** What this machine can take on; without it one job at a time, of which nothing is known before. */
  readonly capacity?: Capacity;
  /** Whether this device may sell a model; without it any. */
  readonly qualifier?: Qualifier;
  /** Promises that were given. */
  readonly quotes?: Quotes;
}

/** The account that sells. WALLET_MISSING without one. */
export function accountOf({ essaim }: Pick<Shop, 'essaim'>): Signer {
  if (essaim.signer) return essaim.signer;
  throw new EssaimError('WALLET_MISSING', 'a provider needs an account that signs', { help: 'connect with a signer' });
}

/** Sends a transaction of the provider's; `deadline` is the chain time, in seconds, by which it has to be in a block. */
export const act = (
  shop: Pick<Shop, 'essaim'>,
  call: ContractTransaction,
  doing: string,
  signal?: AbortSignal,
  deadline?: bigint,
): Promise<TransactionReceipt> =>
  send(accountOf(shop), call, doing, {
    signal,
    interval: Math.min(250, shop.essaim.pollingInterval),
    deadline: deadline === undefined ? undefined : Number(deadline),
  });
