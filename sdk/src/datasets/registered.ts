import {
  byteLength,
  type ChunkOpener,
  type ColumnSource,
  chunkCount,
  chunkRootOfParts,
  columnTensor,
  committedColumn,
  type DatasetManifest,
  elementLimits,
  listRoot,
  openColumn,
  PART_BYTES,
  partBytes,
  prefixRoot,
  type Range,
  readRanges,
  tensorRoot,
} from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import { unlessAborted } from '../chain/wait.ts';
import { gather, requireRows } from './batch.ts';
import type { BatchSource, BatchTensor, LocalColumn } from './local.ts';

/** How many parts' hashes are kept, 2 MiB each. */
const KEEP = 32;

/** One version of a registered data set; whatever is read of it was checked against what the chain holds. */
export class RegisteredDataset implements BatchSource {
  readonly id: bigint;
  readonly version: number;
  readonly rows: number;
  readonly columnsRoot: string;
  /** The manifest's digest. */
  readonly digest: string;
  readonly manifest: DatasetManifest;
  readonly columns: readonly LocalColumn[];
  readonly #storage: Storage;
  readonly #leaves = new Map<string, Promise<Uint8Array>>();

  /** `manifest` must have been checked against `columnsRoot`: `Datasets.get` makes these. */
  constructor(at: Pick<RegisteredDataset, 'id' | 'version' | 'columnsRoot' | 'digest' | 'manifest'>, storage: Storage) {
    this.id = at.id;
    this.version = at.version;
    this.columnsRoot = at.columnsRoot;
    this.digest = at.digest;
    this.manifest = at.manifest;
    this.rows = at.manifest.rows;
    this.columns = at.manifest.columns;
    this.#storage = storage;
  }

  /** DATASET_CHANGED where what is served is not what was registered; DATASET_MALFORMED where no tensor may hold it. */
  async gatherBatch(rows: readonly number[], signal?: AbortSignal): Promise<BatchTensor[]> {
    requireRows(rows, this.rows);
    if (rows.length === 0) return gather(this.columns, rows, async () => []);
    const read = (c: number, ranges: readonly Range[]) =>
      readRanges(this.#committed(c), ranges, this.source(c, signal));
    const tensors = await gather(this.columns, rows, read);
    for (const { name, type, bytes } of tensors) elementLimits(type, bytes, `column ${name}, rows ${rows.slice(0, 8)}`);
    return tensors;
  }

  async opener(column: number, ranges: readonly Range[], signal?: AbortSignal): Promise<ChunkOpener> {
    return openColumn(this.#committed(column), ranges, this.source(column, signal));
  }

  async columnRoots(): Promise<string[]> {
    return this.columns.map((column, i) => {
      const { bytes, parts } = this.#committed(i);
      return tensorRoot(columnTensor(column, this.rows), chunkRootOfParts(bytes, parts));
    });
  }

  /** Whether its columns begin with all rows of an earlier version, by the hashes of their chunks. */
  async beginsWith(earlier: RegisteredDataset, signal?: AbortSignal): Promise<boolean> {
    if (earlier.rows > this.rows) return false;
    const roots = this.columns.map(async (column, i) => {
      const type = columnTensor(column, earlier.rows);
      return tensorRoot(type, await prefixRoot(this.#committed(i), byteLength(type), this.source(i, signal)));
    });
    return listRoot(await Promise.all(roots)) === earlier.columnsRoot;
  }

  /** A column as it is served: nothing of it is checked but its files against their CIDs. */
  source(column: number, signal?: AbortSignal): ColumnSource {
    const { parts } = this.manifest.columns[column];
    return {
      read: async (offset, length) => {
        const out = new Uint8Array(length);
        for (let at = offset; at < offset + length; ) {
          const part = Math.floor(at / PART_BYTES);
          const end = Math.min(offset + length, (part + 1) * PART_BYTES);
          const piece = { offset: at - part * PART_BYTES, length: end - at, maxBytes: PART_BYTES, signal };
          const bytes = await this.#storage.get(parts[part].bytes, piece);
          out.set(bytes.subarray(0, end - at), at - offset);
          at = end;
        }
        return out;
      },
      leaves: (part) => this.#leavesOf(column, part, signal),
    };
  }

  #committed(column: number) {
    return committedColumn(this.manifest.columns[column], this.rows);
  }

  #leavesOf(column: number, part: number, signal?: AbortSignal): Promise<Uint8Array> {
    const { bytes } = this.#committed(column);
    const key = `${column}/${part}`;
    let leaves = this.#leaves.get(key);
    if (!leaves) {
      const maxBytes = 32 * chunkCount(partBytes(bytes, part));
      // Others may wait for the same hashes: one caller's signal must not end it for them.
      leaves = this.#storage.get(this.manifest.columns[column].parts[part].leaves, { maxBytes });
      this.#leaves.set(key, leaves);
      leaves.catch(() => this.#leaves.delete(key));
      if (this.#leaves.size > KEEP) this.#leaves.delete(this.#leaves.keys().next().value!);
    }
    return unlessAborted(leaves, signal);
  }
}
