import { readFileSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import { Essaim, readDeployment } from '@essaim/sdk';
import { ipfsStorage } from '@essaim/storage';
import type { Signer } from 'ethers';
import { type ChainPlaces, openChain } from './endpoints/chain-provider.ts';
import type { EndpointWatcher } from './endpoints/member.ts';
import type { Begin } from './until-there.ts';

/** How chain, contracts and storage are reached. */
export interface Places extends ChainPlaces {
  /** Path of a deployments/<chainId>.json. */
  deployment: string;
  storage: string;
  /** Gateways that are read from where the storage fails. */
  gateway: readonly string[];
}

/**
 * Connects as `signer`, or to read only. FILE_UNREADABLE, DEPLOYMENT_INVALID, CHAIN_UNREACHABLE, CHAIN_MISMATCH,
 * OPTION_INVALID
 */
export async function connectTo(
  places: Places,
  signer?: (own: Essaim['provider']) => Signer,
  watcher?: EndpointWatcher,
  begin?: Begin,
): Promise<Essaim> {
  const { storage: url, gateway: gateways, polling } = places;
  const deployment = readDeployment(readDeploymentFile(places.deployment));
  const rpc = await openChain(places, deployment.chainId, watcher, begin);
  return Essaim.connect({ rpc, storage: ipfsStorage({ url, gateways }), deployment, pollingInterval: polling, signer });
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
