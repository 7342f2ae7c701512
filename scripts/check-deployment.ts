/**
 * Reads a live deployment again and says what of it is not as it has to be:
 * npm run check:deployment -- --network NAME [--hands FILE] [--deployments FOLDER]
 */
import { parseArgs } from 'node:util';
import { contractsOf } from '@essaim/sdk';
import type { Provider } from 'ethers';
import { codeProblems } from './check-deployment/code.ts';
import { balanceProblems, judgeProblems } from './check-deployment/genesis.ts';
import type { Live } from './check-deployment/live.ts';
import { parameterProblems, settingProblems } from './check-deployment/numbers.ts';
import { powerProblems } from './check-deployment/powers.ts';
import { canonicalRegistries } from './lib/canonical-agents.ts';
import { launchesFrom } from './lib/deploy.ts';
import { type Saved, savedDeployment } from './lib/deployment-file.ts';
import type { Hands } from './lib/genesis.ts';
import { handsOf } from './lib/hands.ts';
import { twinOf } from './lib/twin.ts';

const CHECKS = {
  'every contract is what this source compiles to, and fixed to the right others': codeProblems,
  'nobody has a power but by a vote': powerProblems,
  'the parameters are those of docs/parameters.md': parameterProblems,
  'the governor’s settings are the first ones or decided': settingProblems,
  'MIEL was minted by the table of docs/genesis.md': balanceProblems,
  'every operator has its judge': judgeProblems,
};

/** The deployment made again on a private chain. */
export async function remade(provider: Provider, deployment: Saved, hands: Hands): Promise<Live['twin']> {
  const given = await canonicalRegistries(provider);
  const { addresses, launches } = launchesFrom(deployment.launchpad, hands, given);
  const twin = (await twinOf(deployment.chainId, deployment.launchpad, launches)).ethers.provider;
  return { provider: twin, contracts: contractsOf({ ...deployment, addresses }, twin), given };
}

/** What is wrong with a deployment, by check. Takes a chain, what was saved of it, and whose hands it should be in. */
export async function checkDeployment(
  provider: Provider,
  deployment: Saved,
  hands: Hands,
  twin?: Live['twin'],
): Promise<Record<string, string[]>> {
  const contracts = contractsOf(deployment, provider);
  const live: Live = {
    provider,
    deployment,
    hands,
    contracts,
    twin: twin ?? (await remade(provider, deployment, hands)),
  };
  const found: Record<string, string[]> = {};
  for (const [what, problems] of Object.entries(CHECKS)) {
    // What is not our code may answer anything, or nothing.
    found[what] = await problems(live).catch((error: Error) => [`cannot be read: ${error.message}`]);
  }
  return found;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      network: { type: 'string', default: 'local' },
      hands: { type: 'string' },
      deployments: { type: 'string', default: 'deployments' },
    },
  });
  const { network } = await import('hardhat');
  const { ethers } = await network.create(values.network);
  const { chainId } = await ethers.provider.getNetwork();
  const deployment = savedDeployment(Number(chainId), values.deployments);
  const hands = await handsOf(values.network, values.hands, ethers);
  const found = await checkDeployment(ethers.provider, deployment, hands);
  for (const [what, problems] of Object.entries(found)) {
    console.log(`${problems.length === 0 ? '✔' : '✘'} ${what}`);
    for (const problem of problems) console.log(`    ${problem}`);
  }
  process.exitCode = Object.values(found).flat().length === 0 ? 0 : 1;
}
