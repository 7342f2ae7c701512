import { join } from 'node:path';
import {
  accountFolder,
  balanceCheck,
  type Check,
  chainCheck,
  clockCheck,
  connectTo,
  contractsCheck,
  diskCheck,
  endpointsCheck,
  folderOf,
  type Identity,
  judgesCheck,
  need,
  ok,
  requireAccount,
  runChecks,
  type Secrets,
  storageCheck,
  warning,
} from '@essaim/daemon';
import { writeOnnx } from '@essaim/protocol';
import { type Engine, openSession, openTracer } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { Speeds } from './capacity/speeds.ts';
import { modelCheck } from './check.ts';
import { enginesOf, type ProviderOptions, type providerTable } from './options.ts';
import { readPrices } from './prices.ts';
import { Qualifier } from './qualified/qualifier.ts';
import { servedCheck } from './qualified/served-check.ts';
import { sealingCheck } from './sealed/check.ts';
import { sellsInference } from './sells.ts';
import { stakeCheck } from './stake-check.ts';

/** Says what is wrong with a provider's surroundings; false if anything is. Model files are enough to check the device. */
export async function checkProvider(
  { prefix }: Identity<typeof providerTable>,
  options: ProviderOptions,
  secrets: Secrets,
  files: readonly string[],
): Promise<boolean> {
  const engines = enginesOf(options);
  const device = [engineCheck(engines), ...files.map((file) => modelCheck(file, engines))];
  const isDeviceOnly = files.length > 0 && options.rpc.length === 0 && !options.deployment && !options.storage;
  if (isDeviceOnly) return runChecks(device, secrets);
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const account = await requireAccount(values, secrets);
  const essaim = await connectTo(values, (provider) => account.connect(provider));
  try {
    const around = [
      chainCheck(essaim),
      endpointsCheck(values, essaim.deployment.chainId),
      contractsCheck(essaim),
      judgesCheck(essaim),
      clockCheck([...values.rpc, values.storage], essaim.provider),
      storageCheck(essaim.storage),
      diskCheck(folderOf(values.data)),
      balanceCheck(essaim, account.address),
      ...(sellsInference(values)
        ? [stakeCheck(essaim, account.address, 'jobs'), sealingCheck(essaim, account.address, values)]
        : []),
      ...(values.train.length > 0 ? [stakeCheck(essaim, account.address, 'training')] : []),
      offerCheck(essaim, values),
      ...(sellsInference(values)
        ? [servedCheck(essaim, qualifierOf(essaim, account.address, values), served(values))]
        : []),
    ];
    return await runChecks([...around, ...device], secrets);
  } finally {
    essaim.close();
  }
}

/** Models that are named, by --model or with a price of their own. */
function served({ model, offers }: ProviderOptions): bigint[] {
  return [...new Set([...model, ...(offers === undefined ? [] : readPrices(offers)).map((price) => price.model)])];
}

/** What keeps results where `run` looks for them. */
function qualifierOf({ deployment }: Essaim, account: string, options: ProviderOptions): Qualifier {
  const engines = enginesOf(options);
  const folder = folderOf(options.data);
  const speeds = new Speeds(join(accountFolder(folder, deployment.chainId, account), 'speeds.json'));
  return new Qualifier({ engines, trace: openTracer({ engines }), speeds, folder });
}

/** Whether ONNX Runtime opens an engine here at all. */
const engineCheck = (engines: readonly Engine[]): Check => ({
  name: 'engine',
  async run() {
    const shape = { dtype: 'float32', dims: [4] } as const;
    const relu = { name: '', type: 'Relu', domain: '', inputs: ['x'], outputs: ['y'], attributes: new Map() };
    const model = { ir: 8, opset: 17, metadata: new Map(), name: 'probe', nodes: [relu], initializers: [] };
    const probe = writeOnnx({ ...model, inputs: [{ name: 'x', ...shape }], outputs: [{ name: 'y', ...shape }] });
    const { engine, session } = await openSession(probe, { engines });
    await session.release();
    return ok(`${engine} opens models`);
  },
});

/** Whether there is something to sell, of what the registry knows. */
const offerCheck = ({ contracts }: Essaim, options: ProviderOptions): Check => ({
  name: 'offer',
  async run() {
    const { fee, train, offers } = options;
    if (!sellsInference(options) && train.length === 0) {
      return warning(
        'it sells nothing: neither jobs nor runs of training',
        'give --fee TOKEN=LEAST, --offers FILE or --train TOKEN=LEAST',
      );
    }
    const named = served(options);
    for (const id of named) await contracts.ModelRegistry.ownerOf(id);
    const models = named.length > 0 ? `${named.length} models, all registered` : 'any model';
    const own = offers === undefined ? [] : [`prices of models in ${offers}`];
    const least = [...fee, ...train].map(([token, amount]) => `at least ${amount} of ${token}`);
    return ok([models, ...own, ...least].join('; '));
  },
});
