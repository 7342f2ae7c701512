/**
 * Deploys the protocol with Hardhat Ignition, or goes on with a deployment that was interrupted:
 * npm run deploy -- --network NAME [--hands FILE] [--out FOLDER] [--id ID] [--reset]
 * Writes <out>/<chainId>.json, which SDK, daemons and indexer read. docs/deployment.md says what it needs.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { config, network } from 'hardhat';
import { launchpadModule, protocolModule } from './deploy/module.ts';
import { launchesFrom } from './lib/deploy.ts';
import { DEPLOYMENTS, saveDeployment } from './lib/deployment-file.ts';
import { handsOf } from './lib/hands.ts';

const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'local' },
    hands: { type: 'string' },
    out: { type: 'string', default: DEPLOYMENTS },
    id: { type: 'string' },
    reset: { type: 'boolean', default: false },
  },
});

const { ethers, ignition } = await network.create(values.network);
const chainId = Number((await ethers.provider.getNetwork()).chainId);
const hands = await handsOf(values.network, values.hands, ethers);
const deploymentId = values.id ?? `chain-${chainId}`;
const journal = join(config.paths.ignition, 'deployments', deploymentId);
if (values.reset) rmSync(journal, { recursive: true, force: true });
const options = { deploymentId, displayUi: true };

const at = launchpadMade() ?? (await (await ignition.deploy(launchpadModule, options)).launchpad.getAddress());
if ((await ethers.provider.getCode(at)) === '0x') {
  console.error(`The journal in ${journal} is of another chain: nothing stands at ${at}. Deploy anew with --reset.`);
  process.exit(1);
}
const { addresses, launches } = launchesFrom(at, hands);
await ignition.deploy(protocolModule(launches), options);
const deployment = { chainId, startBlock: startBlock(), launchpad: at, addresses };
console.log(saveDeployment(deployment, values.out));

/** What earlier runs and this one did, line by line; a line that a kill cut short is left out. */
function entries() {
  const file = join(journal, 'journal.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line));
}

/** Where an earlier run made the launchpad. Ignition goes on with no module that holds less than its journal does. */
function launchpadMade(): string | undefined {
  return entries().find(
    ({ type, futureId }) => type === 'DEPLOYMENT_EXECUTION_STATE_COMPLETE' && futureId === 'Launchpad#Launchpad',
  )?.result.address;
}

/** The block of the first transaction, which an earlier run may have sent. */
function startBlock(): number {
  return entries().find(({ type }) => type === 'TRANSACTION_CONFIRM').receipt.blockNumber;
}
