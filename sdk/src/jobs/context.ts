import type { Contents } from '@essaim/storage';
import type { Provider, Signer } from 'ethers';
import type { Agents } from '../agents.ts';
import type { Contracts } from '../contracts/contracts.ts';
import type { Models } from '../models.ts';

/** What every part of a job's life needs. */
export interface JobContext {
  chainId: number;
  provider: Provider;
  contracts: Contracts;
  storage: Contents;
  models: Models;
  agents: Pick<Agents, 'sealingKey'>;
  signer: Signer | undefined;
  /** First block worth scanning for events. */
  startBlock: number;
  /** Polling, in milliseconds. */
  interval: number;
  /** Aborted when the connection is closed. */
  closed: AbortSignal;
}
