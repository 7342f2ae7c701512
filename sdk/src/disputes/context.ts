import type { Provider } from 'ethers';
import type { Contracts } from '../contracts/contracts.ts';
import type { Deployment } from '../contracts/deployment.ts';

/** What explaining needs: a chain to read, and where the contracts are. */
export interface DisputeContext {
  readonly contracts: Contracts;
  readonly provider: Provider;
  readonly deployment: Deployment;
  /** First block worth scanning for events. */
  readonly startBlock: number;
}
