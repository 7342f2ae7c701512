import { type FileHandle, open } from 'node:fs/promises';
import { CHUNK, ColumnTree } from '@essaim/protocol';
import { bytesFile, leavesFile } from './folder.ts';

/** How many bytes are gathered before they are written. */
const BLOCK = 1 << 20;

/** One column's files, to write at their end; what is beyond `bytes` was left by a writer that did not finish. */
export class ColumnFile {
  readonly tree: ColumnTree;
  readonly #bytes: FileHandle;
  readonly #leaves: FileHandle;
  #waiting: Uint8Array[] = [];
  #written: number;

  private constructor(tree: ColumnTree, bytes: FileHandle, leaves: FileHandle) {
    this.tree = tree;
    this.#bytes = bytes;
    this.#leaves = leaves;
    this.#written = tree.length;
  }

  static async open(folder: string, column: number, bytes: number): Promise<ColumnFile> {
    const [data, hashes] = await Promise.all([
      open(bytesFile(folder, column), bytes > 0 ? 'r+' : 'w+'),
      open(leavesFile(folder, column), bytes > 0 ? 'r+' : 'w+'),
    ]);
    const full = Math.floor(bytes / CHUNK);
    await Promise.all([data.truncate(bytes), hashes.truncate(full * 32)]);
    const tail = await readFully(data, full * CHUNK, bytes - full * CHUNK);
    const leaves = await readFully(hashes, 0, full * 32);
    let file: ColumnFile;
    const onLeaves = (more: Uint8Array) => file.#waiting.push(more);
    const tree = ColumnTree.resume({ parts: [], leaves, tail }, { onLeaves });
    file = new ColumnFile(tree, data, hashes);
    return file;
  }

  /** Bytes of the column so far. */
  get length(): number {
    return this.#written;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const block = bytes.subarray(at, at + BLOCK);
      const hashed = Math.floor(this.#written / CHUNK) * 32;
      this.tree.append(block);
      await this.#bytes.write(block, 0, block.length, this.#written);
      await this.#leaves.write(Buffer.concat(this.#waiting), 0, null, hashed);
      this.#waiting = [];
      this.#written += block.length;
    }
  }

  async close(sync: boolean): Promise<void> {
    if (sync) await Promise.all([this.#bytes.sync(), this.#leaves.sync()]);
    await Promise.all([this.#bytes.close(), this.#leaves.close()]);
  }
}

/** Bytes of a file; fewer where it ends. */
export async function readFully(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}
