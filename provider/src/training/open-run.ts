import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Hash, listRoot, ZERO_HASH } from '@essaim/protocol';
import type { BatchSource, RegisteredDataset } from '@essaim/sdk';
import { behind, downloadDataset, FolderDataset } from '@essaim/sdk/node';
import type { OpenRun, TrainingShop } from './shop.ts';

/** Runs that are open, by the shop that trains them. */
const open = new WeakMap<TrainingShop, Map<Hash, Promise<OpenRun>>>();

/** What training a drawn run takes: step program, schedule and, once for all runs on it, its data set. Kept open. */
export function openRun(shop: TrainingShop, runId: Hash, signal?: AbortSignal): Promise<OpenRun> {
  const runs = open.get(shop) ?? new Map<Hash, Promise<OpenRun>>();
  open.set(shop, runs);
  let opening = runs.get(runId);
  if (!opening) {
    opening = fetchRun(shop, runId, signal);
    runs.set(runId, opening);
    opening.catch(() => runs.delete(runId));
  }
  return opening;
}

/** Closes a run's files. */
export async function closeRun(shop: TrainingShop, runId: Hash): Promise<void> {
  const opened = await open.get(shop)?.get(runId);
  open.get(shop)?.delete(runId);
  if (opened?.dataset instanceof FolderDataset) await opened.dataset.close();
}

/** Closes the files of all runs of a shop. */
export async function closeRuns(shop: TrainingShop): Promise<void> {
  for (const runId of [...(open.get(shop)?.keys() ?? [])]) await closeRun(shop, runId);
}

async function fetchRun(shop: TrainingShop, runId: Hash, signal?: AbortSignal): Promise<OpenRun> {
  const { essaim, data } = shop;
  const seed = await essaim.contracts.TrainingRegistry.seed(runId);
  // it would be kept for as long as the run is open
  if (seed === ZERO_HASH) throw behind(`the seed of run ${runId}`);
  const parts = await essaim.training.parts(runId, signal);
  const { dataset: id, version } = parts.terms;
  const registered = await essaim.datasets.get(id, version, signal);
  const folder = join(data, `${id}-${version}`);
  // of a private run's data set a batch a round is read
  if (parts.score) return { ...parts, runId, seed, dataset: registered };
  return { ...parts, runId, seed, dataset: await onDisk(registered, folder, signal) };
}

async function onDisk(registered: RegisteredDataset, folder: string, signal?: AbortSignal): Promise<BatchSource> {
  if (!existsSync(folder)) return downloadDataset(registered, folder, { signal });
  const kept = await FolderDataset.open(folder);
  if (listRoot(await kept.columnRoots()) === registered.columnsRoot) return kept;
  await kept.close();
  // what is served is checked row by row
  return registered;
}
