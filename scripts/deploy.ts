/**
 * Deploys the protocol: node scripts/deploy.ts --rpc URL --key-file FILE [--out deployments]
 * Writes <out>/<chainId>.json, which SDK, daemons and indexer read.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectChain, type Deployment } from '@essaim/sdk';
import { Wallet } from 'ethers';
import { deployProtocol } from './lib/deploy.ts';
import { localHands } from './lib/genesis.ts';

/** Saves a deployment under its chain id; returns the file. */
export function saveDeployment(deployment: Deployment, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${deployment.chainId}.json`);
  writeFileSync(file, `${JSON.stringify(deployment, null, 2)}\n`);
  return file;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rpc: { type: 'string' },
      'key-file': { type: 'string' },
      out: { type: 'string', default: 'deployments' },
    },
  });
  if (!values.rpc || !values['key-file']) {
    console.error('usage: node scripts/deploy.ts --rpc URL --key-file FILE [--out FOLDER]');
    process.exit(2);
  }
  const provider = await connectChain(values.rpc);
  const wallet = new Wallet(readFileSync(values['key-file'], 'utf8').trim(), provider);
  const deployment = await deployProtocol(wallet, localHands(wallet.address), (done, of, name) =>
    console.log(`${done}/${of} ${name}`),
  );
  console.log(saveDeployment(deployment, values.out));
  provider.destroy();
}
