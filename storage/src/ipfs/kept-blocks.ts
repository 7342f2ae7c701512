import type { CID } from 'multiformats/cid';

/**
 * Blocks of files that could not be read to their end, so that another try goes on where the last one ended: as many as
 * fit into `most` bytes, the oldest are dropped first.
 */
export class KeptBlocks {
  readonly #most: number;
  readonly #blocks = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(cid: CID): Uint8Array | undefined {
    return this.#blocks.get(cid.toString());
  }

  /** Keeps blocks, by their CID. */
  keep(blocks: ReadonlyMap<string, Uint8Array>): void {
    for (const [cid, bytes] of blocks) {
      this.#drop(cid);
      this.#blocks.set(cid, bytes);
      this.#bytes += bytes.length;
    }
    for (const oldest of [...this.#blocks.keys()]) if (this.#bytes > this.#most) this.#drop(oldest);
  }

  /** Drops the blocks of a file that was read. */
  drop(blocks: ReadonlyMap<string, Uint8Array>): void {
    for (const cid of blocks.keys()) this.#drop(cid);
  }

  #drop(cid: string): void {
    this.#bytes -= this.#blocks.get(cid)?.length ?? 0;
    this.#blocks.delete(cid);
  }
}
