import { EssaimError } from '@essaim/protocol';
import { isAddress } from 'ethers';
import { abis, type ContractName } from './abis.ts';

/** Where the protocol stands on one chain: what `deployments/<chainId>.json` holds. */
export interface Deployment {
  chainId: number;
  /** First block worth scanning for events. */
  startBlock: number;
  addresses: Record<ContractName, string>;
}

/** Checks the shape of a deployment read from outside. */
export function readDeployment(value: unknown): Deployment {
  const { chainId, startBlock, addresses } = (value ?? {}) as Partial<Deployment>;
  const missing = (Object.keys(abis) as ContractName[]).filter((name) => !isAddress(addresses?.[name]));
  if (!Number.isSafeInteger(chainId) || !Number.isSafeInteger(startBlock) || missing.length > 0) {
    throw new EssaimError(
      'DEPLOYMENT_INVALID',
      `this deployment file lacks ${missing.join(', ') || 'chainId or startBlock'}`,
      {
        help: 'use the deployments/<chainId>.json that the deploy script wrote',
        details: { missing },
      },
    );
  }
  return value as Deployment;
}
