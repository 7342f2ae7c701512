import { readFileSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import { Essaim } from '@essaim/sdk';
import type { Signer } from 'ethers';

/** How chain, contracts and storage are reached. */
export interface Places {
  rpc: string;
  /** Path of a deployments/<chainId>.json. */
  deployment: string;
  storage: string;
  /** Milliseconds between two looks at the chain. */
  polling: number;
}

/** Connects as `signer`, or to read only. FILE_UNREADABLE, DEPLOYMENT_INVALID, and what Essaim.connect throws */
export function connectTo({ rpc, deployment, storage, polling }: Places, signer?: (own: Essaim['provider']) => Signer) {
  return Essaim.connect({ rpc, storage, deployment: readDeploymentFile(deployment), pollingInterval: polling, signer });
}

/** What a deployment file holds. FILE_UNREADABLE, DEPLOYMENT_INVALID */
export function readDeploymentFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new EssaimError('FILE_UNREADABLE', `${path} cannot be read`, {
      help: 'check the path and its rights',
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EssaimError('DEPLOYMENT_INVALID', `${path} is not JSON`, {
      help: 'use the deployments/<chainId>.json that the deploy script wrote',
      cause,
    });
  }
}
