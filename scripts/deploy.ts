/**
 * Deploys the protocol with Hardhat Ignition, or goes on with a deployment that was interrupted:
 * npm run deploy -- --network NAME [--hands FILE] [--out FOLDER] [--id ID] [--reset]
 * Writes <out>/<chainId>.json, which SDK, daemons and indexer read. docs/deployment.md says what it needs.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { config, network } from 'hardhat';
import { entriesOf, launchpadOf, mend, startOf, unnotedNonce } from './deploy/journal.ts';
import { launchpadModule, protocolModule } from './deploy/module.ts';
import { trackUnnoted } from './deploy/track.ts';
import { canonicalRegistries } from './lib/canonical-agents.ts';
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

const { ethers, ignition, provider } = await network.create(values.network);
const chainId = Number((await ethers.provider.getNetwork()).chainId);
const hands = await handsOf(values.network, values.hands, ethers);
const deploymentId = values.id ?? `chain-${chainId}`;
const journal = join(config.paths.ignition, 'deployments', deploymentId);
if (values.reset) rmSync(journal, { recursive: true, force: true });
const options = { deploymentId, displayUi: true };

mend(journal);
const unnoted = unnotedNonce(entriesOf(journal));
const [deployer] = await ethers.getSigners();
if (unnoted !== undefined) await trackUnnoted(journal, unnoted, deployer.address, ethers.provider, provider);

// Ignition goes on with no module that holds less than its journal does.
const at =
  launchpadOf(entriesOf(journal)) ?? (await (await ignition.deploy(launchpadModule, options)).launchpad.getAddress());
if ((await ethers.provider.getCode(at)) === '0x') {
  console.error(`The journal in ${journal} is of another chain: nothing stands at ${at}. Deploy anew with --reset.`);
  process.exit(1);
}
const { addresses, launches } = launchesFrom(at, hands, await canonicalRegistries(ethers.provider));
await ignition.deploy(protocolModule(launches), options);
const deployment = { chainId, startBlock: startOf(entriesOf(journal)), launchpad: at, addresses };
console.log(saveDeployment(deployment, values.out));
