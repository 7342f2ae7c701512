import type { Storage } from '@essaim/storage';
import type { Provider, Signer } from 'ethers';
import type { Contracts } from '../contracts/contracts.ts';
import type { Datasets } from '../datasets/datasets.ts';

/** What the parts of `sdk.training` work with. */
export interface TrainingContext {
  readonly chainId: number;
  readonly provider: Provider;
  readonly contracts: Contracts;
  readonly storage: Storage;
  readonly datasets: Datasets;
  readonly signer?: Signer;
  readonly startBlock: number;
  /** Milliseconds between two looks at the chain. */
  readonly interval: number;
  readonly closed: AbortSignal;
}

/** States of TrainingRegistry.run, as the chain numbers them. */
export const RunState = {
  None: 0,
  Funding: 1,
  Funded: 2,
  Running: 3,
  Stopped: 4,
  Completed: 5,
  Ended: 6,
  Void: 7,
} as const;
