import type { Storage } from '@essaim/storage';
import type { Provider, Signer } from 'ethers';
import type { Contracts } from '../contracts/contracts.ts';
import type { Models } from '../models.ts';

/** What every part of a job's life needs. */
export interface JobContext {
  chainId: number;
  provider: Provider;
  contracts: Contracts;
  storage: Storage;
  models: Models;
  signer: Signer | undefined;
  /** First block worth scanning for events. */
  startBlock: number;
  /** Polling, in milliseconds. */
  interval: number;
  /** Aborted when the connection is closed. */
  closed: AbortSignal;
}
