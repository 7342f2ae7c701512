import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Deployment, readDeployment } from '@essaim/sdk';

/** A deployment with what created it, from which all its addresses come. */
export type Saved = Deployment & { launchpad: string };

export const DEPLOYMENTS = 'deployments';

/** Saves a deployment under its chain id; returns the file. */
export function saveDeployment(deployment: Deployment, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${deployment.chainId}.json`);
  writeFileSync(file, `${JSON.stringify(deployment, null, 2)}\n`);
  return file;
}

/** The saved deployment on a chain. @throws Error if there is none */
export function savedDeployment(chainId: number, folder: string = DEPLOYMENTS): Saved {
  return readDeployment(JSON.parse(readFileSync(join(folder, `${chainId}.json`), 'utf8'))) as Saved;
}
