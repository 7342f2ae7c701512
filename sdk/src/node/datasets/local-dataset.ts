import { type FileHandle, open } from 'node:fs/promises';
import {
  byteLength,
  CHUNK,
  type ChunkOpener,
  ColumnTree,
  chunkCount,
  columnTensor,
  type DatasetPart,
  type DType,
  defaultHasher,
  type ElementLimits,
  EssaimError,
  elementLimits,
  listRoot,
  openColumn,
  PART_CHUNKS,
  partBytes,
  type Range,
  rowBytes,
  rowRange,
  tensorRoot,
} from '@essaim/protocol';
import { requireRows } from '../../datasets/batch.ts';
import type { BatchSource, BatchTensor, LocalColumn, LocalDataset } from '../../datasets/local.ts';
import { readFully } from './column-file.ts';
import { bytesFile, leavesFile, NOTES, readFolder, readNotes, writeJson } from './folder.ts';

/** Bytes that are read at once when all are. */
const BLOCK = 1 << 22;

/** A data set in a folder. Rows are read where they lie; nothing is loaded whole. */
export class FolderDataset implements LocalDataset, BatchSource {
  readonly folder: string;
  readonly rows: number;
  readonly columns: readonly LocalColumn[];
  readonly #bytes: readonly FileHandle[];
  readonly #leaves: readonly FileHandle[];

  private constructor(
    folder: string,
    rows: number,
    columns: readonly LocalColumn[],
    files: readonly (readonly [FileHandle, FileHandle])[],
  ) {
    this.folder = folder;
    this.rows = rows;
    this.columns = columns;
    this.#bytes = files.map(([bytes]) => bytes);
    this.#leaves = files.map(([, leaves]) => leaves);
  }

  /** Opens a folder that an import or a download made. DATASET_FOLDER, DATASET_FOLDER_DAMAGED */
  static async open(folder: string): Promise<FolderDataset> {
    const { rows, columns } = await readFolder(folder);
    const typed = columns.map(({ name, dtype, shape, labels }) => ({ name, dtype: dtype as DType, shape, labels }));
    const files = await Promise.all(
      columns.map(
        async (_, i) =>
          await Promise.all([open(bytesFile(folder, i)), open(leavesFile(folder, i))]).catch((cause: unknown) => {
            throw damaged(folder, cause);
          }),
      ),
    );
    const dataset = new FolderDataset(folder, rows, typed, files);
    for (let column = 0; column < columns.length; column++) {
      const expected = dataset.#length(column);
      const [bytes, leaves] = await Promise.all(files[column].map((file) => file.stat()));
      if (bytes.size >= expected && leaves.size >= Math.floor(expected / CHUNK) * 32) continue;
      await dataset.close();
      throw damaged(folder);
    }
    return dataset;
  }

  async read(column: number, offset: number, length: number): Promise<Uint8Array> {
    const bytes = await readFully(this.#bytes[column], offset, Math.min(length, this.#length(column) - offset));
    return bytes;
  }

  async leaves(column: number, part: number): Promise<Uint8Array> {
    const length = this.#length(column);
    const first = part * PART_CHUNKS;
    const chunks = chunkCount(partBytes(length, part));
    const full = Math.min(chunks, Math.floor(length / CHUNK) - first);
    const leaves = await readFully(this.#leaves[column], first * 32, full * 32);
    if (full === chunks) return leaves;
    const tail = await this.read(column, (first + full) * CHUNK, CHUNK);
    return new Uint8Array(Buffer.concat([leaves, defaultHasher().leaves(tail)]));
  }

  async stored(root: string): Promise<DatasetPart | undefined> {
    return (await readNotes(this.folder)).find((part) => part.root === root);
  }

  async note(part: DatasetPart): Promise<void> {
    const others = (await readNotes(this.folder)).filter(({ root }) => root !== part.root);
    await writeJson(this.folder, NOTES, [...others, part]);
  }

  /** The tree over the first `rows` rows of a column, from the stored hashes of its chunks. */
  async tree(column: number, rows = this.rows): Promise<ColumnTree> {
    const bytes = byteLength(columnTensor(this.columns[column], rows));
    const full = Math.floor(bytes / CHUNK);
    return ColumnTree.resume({
      parts: [],
      leaves: await readFully(this.#leaves[column], 0, full * 32),
      tail: await this.read(column, full * CHUNK, bytes - full * CHUNK),
    });
  }

  /** The columns' root over the first `rows` rows: what an earlier version was registered with. */
  async columnsRoot(rows = this.rows): Promise<string> {
    return listRoot(await this.columnRoots(rows));
  }

  async columnRoots(rows = this.rows): Promise<string[]> {
    const roots: string[] = [];
    for (const [i, column] of this.columns.entries())
      roots.push(tensorRoot(columnTensor(column, rows), (await this.tree(i, rows)).root()));
    return roots;
  }

  async opener(column: number, ranges: readonly Range[]): Promise<ChunkOpener> {
    const committed = { bytes: this.#length(column), parts: (await this.tree(column)).partRoots() };
    return openColumn(committed, ranges, {
      read: (offset, length) => this.read(column, offset, length),
      leaves: (part) => this.leaves(column, part),
    });
  }

  /**
   * The tensors of one batch, a column each in their order: row i of each is row `rows[i]` of the data set. Believes
   * the files. DATASET_NO_ROW, DATASET_FOLDER_DAMAGED
   */
  async gatherBatch(rows: readonly number[]): Promise<BatchTensor[]> {
    requireRows(rows, this.rows);
    return Promise.all(
      this.columns.map(async (column, c) => {
        const size = rowBytes(column);
        const bytes = new Uint8Array(rows.length * size);
        const reads = rows.map(async (row, i) => {
          const { offset } = rowRange(column, row);
          const { bytesRead } = await this.#bytes[c].read(bytes, i * size, size, offset);
          if (bytesRead !== size) throw damaged(this.folder);
        });
        await Promise.all(reads);
        return { name: column.name, type: columnTensor(column, rows.length), bytes };
      }),
    );
  }

  /**
   * Reads and hashes every byte again, and says what each column's elements lie between: inside what a program declares
   * of its inputs, or it is not to be trained on. DATASET_FOLDER_DAMAGED where a column is not what its stored hashes
   * say, DATASET_MALFORMED where it holds what no tensor may.
   */
  async check(signal?: AbortSignal): Promise<ElementLimits[]> {
    const limits: ElementLimits[] = [];
    for (const [c, column] of this.columns.entries()) {
      const tree = new ColumnTree();
      for (let at = 0; at < this.#length(c); at += BLOCK) {
        signal?.throwIfAborted();
        const bytes = await this.read(c, at, BLOCK);
        tree.append(bytes);
        limits[c] = elementLimits(column, bytes, `column ${column.name}, from byte ${at}`, limits[c]);
      }
      if (tree.root() !== (await this.tree(c)).root()) throw damaged(this.folder);
    }
    return limits;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#bytes, ...this.#leaves].map((file) => file.close()));
  }

  #length(column: number): number {
    return byteLength(columnTensor(this.columns[column], this.rows));
  }
}

const damaged = (folder: string, cause?: unknown): EssaimError =>
  new EssaimError('DATASET_FOLDER_DAMAGED', `${folder}: columns are missing, cut off or changed`, {
    help: 'import or download the data set again',
    cause,
  });
