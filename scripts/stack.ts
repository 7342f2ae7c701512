/**
 * The whole protocol on this machine, until Ctrl-C: chain, IPFS node, contracts, and where graph-node has a binary the
 * indexer too. Options: --port (of GraphQL, 8000), --rpc-port (8545), --storage-port (5001), --deployment FILE (with
 * RPC_URL: what stands there already), --origin (of a page
 * that may use storage, as often as wanted; the page of `npm run app` always may).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EssaimError } from '@essaim/protocol';
import { type Deployment, readDeployment } from '@essaim/sdk';
import { JsonRpcProvider } from 'ethers';
import { accounts } from './demo/accounts.ts';
import { deployProtocol } from './lib/deploy.ts';
import { saveDeployment } from './lib/deployment-file.ts';
import { localHands } from './lib/genesis.ts';
import { Ledger } from './stack/ledger.ts';
import { Stack } from './stack/stack.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
process.chdir(ROOT);

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8000' },
    'rpc-port': { type: 'string', default: '8545' },
    'storage-port': { type: 'string', default: '5001' },
    deployment: { type: 'string' },
    origin: { type: 'string', multiple: true, default: [] },
  },
});

const ledger = new Ledger(join(ROOT, '.essaim', 'stack.json'));
const other = ledger.owner();
if (other) {
  console.error(`A stack of this folder is running already, as process ${other}.`);
  process.exit(1);
}
await ledger.clear();

/** Where `npm run app` serves the page. */
const APP = ['http://127.0.0.1:5173', 'http://localhost:5173'];

const ports = {
  chain: Number(values['rpc-port']),
  storage: Number(values['storage-port']),
  indexer: Number(values.port),
};
const stack = await Stack.open({ ports, ledger, origins: [...APP, ...values.origin] });
let closing: Promise<void> | undefined;
const close = (): Promise<void> => {
  closing ??= stack.close();
  return closing;
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    void close().then(() => process.exit(0));
  });
}

const deployment = await deploymentThere();
const say = (name: string, value: string) => console.log(`${name.padEnd(12)}${value}`);
say('chain', stack.rpc);
say('storage', stack.storage);
say('contracts', saveDeployment(deployment, process.env.RPC_URL ? stack.folder : 'deployments'));
try {
  say('indexer', (await stack.index(deployment)).url);
} catch (error) {
  if (!(error instanceof EssaimError) || !error.code.endsWith('_MISSING')) {
    await close();
    throw error;
  }
  console.log(`no indexer: ${error.message}\n${error.help}`);
}
console.log('Ctrl-C ends it.');

/** The contracts that are there, or on a chain of our own new ones. */
async function deploymentThere(): Promise<Deployment> {
  if (values.deployment) return readDeployment(JSON.parse(readFileSync(values.deployment, 'utf8')));
  if (process.env.RPC_URL) {
    await close();
    console.error('RPC_URL names a chain of yours: say with --deployment FILE where the contracts stand there.');
    process.exit(2);
  }
  const provider = new JsonRpcProvider(stack.rpc, 31337, { staticNetwork: true, cacheTimeout: -1 });
  const { founder } = accounts(provider);
  const deployed = await deployProtocol(founder, localHands(founder.address));
  provider.destroy();
  return deployed;
}
