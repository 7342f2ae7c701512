import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Hash, listRoot } from '@essaim/protocol';
import type { BatchSource, RegisteredDataset } from '@essaim/sdk';
import { downloadDataset, FolderDataset } from '@essaim/sdk/node';
import type { OpenRun, TrainingShop } from './shop.ts';

/** Fetches what training a drawn run takes: step program, schedule and, once for all runs on it, its data set. */
export async function openRun(shop: TrainingShop, runId: Hash, seed: Hash, signal?: AbortSignal): Promise<OpenRun> {
  const { essaim, data } = shop;
  const parts = await essaim.training.parts(runId, signal);
  const { dataset: id, version } = parts.terms;
  const registered = await essaim.datasets.get(id, version, signal);
  const folder = join(data, `${id}-${version}`);
  return { ...parts, runId, seed, dataset: await onDisk(registered, folder, signal) };
}

async function onDisk(registered: RegisteredDataset, folder: string, signal?: AbortSignal): Promise<BatchSource> {
  if (!existsSync(folder)) return downloadDataset(registered, folder, { signal });
  const kept = await FolderDataset.open(folder);
  const isWhole = listRoot(await kept.columnRoots()) === registered.columnsRoot;
  // what is served is checked row by row
  return isWhole ? kept : registered;
}
