import { join } from 'node:path';
import { accountFolder, executionOf, folderOf } from '@essaim/daemon';
import { Archive, openPool } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { FolderDataset } from '@essaim/sdk/node';
import { Purse } from '@essaim/verifier';
import type { ProviderEvent } from './events.ts';
import { enginesOf, type ProviderOptions } from './options.ts';
import type { Policy } from './policy.ts';
import { readPrices } from './prices.ts';
import { ownSealingKey } from './sealed/own-key.ts';
import { RoundArchive } from './training/round-archive.ts';

/** What a provider sells for, as its options say. */
export function policyOf({
  model,
  fee,
  offers,
  collateral,
  selfCheck,
  publishTraces,
}: ProviderOptions): Policy & { publishTraces: boolean } {
  const minimumFee = Object.fromEntries(fee);
  const prices = offers === undefined ? [] : readPrices(offers);
  return { models: model, minimumFee, prices, maximumCollateral: collateral, selfCheck, publishTraces };
}

/** Whether anybody's model may come: one that was not chosen by name. */
const strangersModels = ({ fee, model, train, trainRun }: ProviderOptions): boolean =>
  (fee.length > 0 && model.length === 0) || (train.length > 0 && trainRun.length === 0);

/** What a provider and a trainer work with, as the options say. Opens the trainer's own data sets: they are read here alone. */
export async function openShop(essaim: Essaim, options: ProviderOptions, say: (event: ProviderEvent) => void) {
  const account = await essaim.signer!.getAddress();
  const data = folderOf(options.data);
  const folder = accountFolder(data, essaim.deployment.chainId, account);
  const engines = enginesOf(options);
  const policy = policyOf(options);
  const pool = openPool({
    engines,
    ...executionOf(options, strangersModels(options) ? 'process' : 'thread'),
    tell: say,
  });
  return {
    ...{ essaim, say, policy, engines, folder },
    ...{ pool, trace: pool.trace, sealing: await ownSealingKey(options) },
    archive: new Archive(folder),
    training: {
      ...policy,
      runs: options.trainRun,
      minimumFee: Object.fromEntries(options.train),
      checkpointEvery: options.checkpointEvery,
      patience: options.patience,
    },
    purse: new Purse(essaim, account, options.bondBudget),
    rounds: new RoundArchive(folder),
    data: join(data, 'datasets'),
    shards: await Promise.all(options.shard.map((name) => FolderDataset.open(name))),
  };
}
