import {
  byteLength,
  ColumnTree,
  columnTensor,
  type DatasetColumn,
  type DatasetManifest,
  type DatasetPart,
  EssaimError,
  PART_BYTES,
  partBytes,
  toHex,
} from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import type { LocalDataset } from './local.ts';

export interface PublishProgress {
  /** Bytes stored or found stored, and bytes in all. */
  done: number;
  total: number;
}

export interface PublishOptions {
  onProgress?: (progress: PublishProgress) => void;
  signal?: AbortSignal;
}

/** Bytes handed to storage at once. */
const BLOCK = 1 << 20;
/** Milliseconds that storing one file of 64 MiB may take. */
const PATIENCE = 30 * 60_000;

/**
 * Stores a data set's columns, in files of at most 64 MiB. Files that the previous version has are not sent again, nor
 * those that an interrupted call stored, if the storage has them still.
 * DATASET_CHANGED where the bytes at hand are no longer those that were hashed when they were imported.
 */
export async function publishColumns(
  local: LocalDataset,
  storage: Storage,
  previous: DatasetManifest | undefined,
  { onProgress, signal }: PublishOptions = {},
): Promise<DatasetColumn[]> {
  const lengths = local.columns.map((column) => byteLength(columnTensor(column, local.rows)));
  const total = lengths.reduce((sum, bytes) => sum + bytes, 0);
  let done = 0;
  const told = (bytes: number) => {
    done += bytes;
    onProgress?.({ done, total });
  };
  const columns: DatasetColumn[] = [];
  for (const [c, { name, dtype, shape, labels }] of local.columns.entries()) {
    const before = previous?.columns[c];
    const known = before ? byteLength(columnTensor(before, previous!.rows)) : 0;
    const roots = (await local.tree(c)).partRoots();
    const parts: DatasetPart[] = [];
    for (const [p, root] of roots.entries()) {
      const size = partBytes(lengths[c], p);
      const kept = before?.parts[p];
      const isKept = kept?.root === toHex(root) && partBytes(known, p) === size;
      const stored = isKept ? kept : await storedPart(local, storage, toHex(root), signal);
      if (stored) told(size);
      parts.push(stored ?? (await publishPart(local, storage, c, p, { size, root: toHex(root) }, told, signal)));
    }
    columns.push({ name, dtype, shape: [...shape], labels: labels && [...labels], parts });
  }
  return columns;
}

async function storedPart(local: LocalDataset, storage: Storage, root: string, signal?: AbortSignal) {
  const part = await local.stored?.(root);
  if (!part) return undefined;
  const held = await Promise.all([part.bytes, part.leaves].map((cid) => storage.has(cid, { signal })));
  return held.every(Boolean) ? part : undefined;
}

async function publishPart(
  local: LocalDataset,
  storage: Storage,
  column: number,
  part: number,
  { size, root }: { size: number; root: string },
  told: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<DatasetPart> {
  const tree = new ColumnTree();
  async function* content() {
    for (let at = 0; at < size; at += BLOCK) {
      const bytes = await local.read(column, part * PART_BYTES + at, Math.min(BLOCK, size - at));
      tree.append(bytes);
      yield bytes;
      told(bytes.length);
    }
  }
  const options = { signal, maxBytes: PART_BYTES, timeoutMs: PATIENCE };
  const bytes = await storage.put(content(), options);
  if (tree.root() !== root) {
    throw new EssaimError('DATASET_CHANGED', `column ${local.columns[column].name} changed since it was imported`, {
      help: 'import it again: nothing was registered',
    });
  }
  const stored = { bytes, leaves: await storage.put(await local.leaves(column, part), options), root };
  await local.note?.(stored);
  return stored;
}
