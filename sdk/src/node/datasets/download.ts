import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  byteLength,
  ColumnTree,
  columnTensor,
  type DatasetColumn,
  EssaimError,
  elementLimits,
  PART_BYTES,
  partBytes,
  toHex,
} from '@essaim/protocol';
import type { PublishOptions } from '../../datasets/publish.ts';
import type { RegisteredDataset } from '../../datasets/registered.ts';
import { ColumnFile, readFully } from './column-file.ts';
import { bytesFile, leavesFile, writeFolder } from './folder.ts';
import { requireFree } from './import.ts';
import { FolderDataset } from './local-dataset.ts';

const BLOCK = 1 << 22;
const ORIGIN = 'origin.json';

/**
 * Fetches a version into `folder`, which appears when every byte fits what was registered. Called again after it was
 * interrupted, it keeps the parts that are there. DATASET_CHANGED, DATASET_MALFORMED,
 * DATASET_FOLDER_EXISTS, STORAGE_…
 */
export async function downloadDataset(
  dataset: RegisteredDataset,
  folder: string,
  { onProgress, signal }: PublishOptions = {},
): Promise<FolderDataset> {
  await requireFree(folder);
  const target = `${folder}.partial`;
  const origin = JSON.stringify({ id: String(dataset.id), version: dataset.version, columnsRoot: dataset.columnsRoot });
  if ((await readFile(join(target, ORIGIN), 'utf8').catch(() => '')) !== origin) {
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { recursive: true });
    await writeFile(join(target, ORIGIN), origin);
  }
  const { rows, manifest } = dataset;
  const total = manifest.columns.reduce((sum, column) => sum + byteLength(columnTensor(column, rows)), 0);
  let done = 0;
  for (const column of manifest.columns.keys()) {
    await fetchColumn(dataset, column, target, signal, (bytes) => {
      done += bytes;
      onProgress?.({ done, total });
    });
  }
  const columns = manifest.columns.map(({ name, dtype, shape, labels }) => ({
    name,
    dtype,
    shape: [...shape],
    labels,
  }));
  await writeFolder(target, { format: 'essaim/dataset-folder/1', rows, columns });
  await rm(join(target, ORIGIN));
  await mkdir(dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(target, folder);
  return FolderDataset.open(folder);
}

async function fetchColumn(
  dataset: RegisteredDataset,
  column: number,
  target: string,
  signal: AbortSignal | undefined,
  told: (bytes: number) => void,
): Promise<void> {
  const { parts, ...type } = dataset.manifest.columns[column];
  const length = byteLength(columnTensor(type, dataset.rows));
  const kept = await keptParts(target, column, length, dataset.manifest.columns[column]);
  const file = await ColumnFile.open(target, column, kept);
  told(kept);
  try {
    const source = dataset.source(column, signal);
    let odd: unknown;
    while (file.length < length) {
      signal?.throwIfAborted();
      const part = Math.floor(file.length / PART_BYTES);
      const end = part * PART_BYTES + partBytes(length, part);
      const bytes = await source.read(file.length, Math.min(BLOCK, end - file.length));
      odd ??= oddElement(type, bytes, `column ${type.name}, from byte ${file.length}`);
      await file.append(bytes);
      if (file.length === end && toHex(file.tree.partRoots()[part]) !== parts[part].root) {
        throw new EssaimError('DATASET_CHANGED', `part ${part} of column ${type.name} is not what was registered`, {
          help: 'nothing of it is kept: download it again from another holder',
        });
      }
      if (file.length === end && odd) throw odd;
      told(bytes.length);
    }
  } finally {
    await file.close(true);
  }
}

/** The error of an element that no tensor may hold: the owner's fault only once the bytes are known to be the owner's. */
function oddElement(...of: Parameters<typeof elementLimits>): unknown {
  try {
    elementLimits(...of);
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Bytes of the whole parts that lie there and fit; the hashes of their chunks are written again. */
async function keptParts(target: string, column: number, length: number, { parts, ...type }: DatasetColumn) {
  const file = await open(bytesFile(target, column)).catch(() => undefined);
  if (!file) return 0;
  let kept = 0;
  const leaves: Uint8Array[] = [];
  try {
    for (const [part, { root }] of parts.entries()) {
      const found: Uint8Array[] = [];
      const tree = new ColumnTree({ onLeaves: (more) => found.push(more) });
      const size = partBytes(length, part);
      let odd: unknown;
      for (let at = part * PART_BYTES; at < part * PART_BYTES + size; at += BLOCK) {
        const bytes = await readFully(file, at, Math.min(BLOCK, part * PART_BYTES + size - at));
        if (bytes.length === 0) break;
        odd ??= oddElement(type, bytes, `column ${type.name}, from byte ${at}`);
        tree.append(bytes);
      }
      if (tree.length !== size || tree.root() !== root) break;
      if (odd) throw odd;
      kept += size;
      leaves.push(...found);
    }
  } finally {
    await file.close();
  }
  await writeFile(leavesFile(target, column), Buffer.concat(leaves));
  return kept;
}
