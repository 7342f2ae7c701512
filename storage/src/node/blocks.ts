import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FsBlockstore } from 'blockstore-fs';
import { NextToLast } from 'blockstore-fs/sharding';
import type { CID } from 'multiformats/cid';
import { collect } from '../byte-stream.ts';
import { inlineBytes, matches } from '../cid.ts';
import { blockNotFound, HttpError } from './http-error.ts';
import type { NodeLimits } from './limits.ts';
import { fetchFromPeers } from './peers.ts';

export interface ReadOptions {
  /** Give up instead of asking peers. */
  offline?: boolean;
  signal?: AbortSignal;
}

/** Counters of a node since it started. */
export interface NodeStats {
  /** Blocks held. */
  blocks: number;
  /** Bytes of all blocks held. */
  bytes: number;
  /** Blocks that peers gave. */
  fetched: number;
}

const sharding = new NextToLast();

/** The name under which a block is kept: by multihash, so that CIDv0 and CIDv1 of the same bytes share it. */
export function blockKey(cid: CID): string {
  return sharding.encode(cid).file;
}

/**
 * The blocks on disk. A block is written under a temporary name and renamed, read back only if its bytes still match,
 * and never collected while a request that touched it runs.
 */
export class Blocks {
  readonly stats: NodeStats = { blocks: 0, bytes: 0, fetched: 0 };
  readonly #dir: string;
  readonly #files: FsBlockstore;
  readonly #limits: NodeLimits;
  readonly #peers: readonly string[];
  readonly #writing = new Map<string, Promise<void>>();
  readonly #deleting = new Map<string, Promise<void>>();
  readonly #held = new Set<string>();
  #holders = 0;
  #reclaiming: Promise<void> | undefined;
  /** Frees space; called when a block does not fit. */
  reclaim: () => Promise<void> = async () => {};

  private constructor(dir: string, limits: NodeLimits, peers: readonly string[]) {
    this.#dir = dir;
    this.#files = new FsBlockstore(dir);
    this.#limits = limits;
    this.#peers = peers;
  }

  /** Opens or creates the store in `dir`, counts what it holds and removes what an earlier crash left half-written. */
  static async open(dir: string, limits: NodeLimits, peers: readonly string[]): Promise<Blocks> {
    const blocks = new Blocks(dir, limits, peers);
    await blocks.#files.open();
    for await (const file of blocks.#list()) {
      if (file.name.endsWith('.tmp')) await rm(file.path, { force: true });
      else blocks.#count(1, file.size);
    }
    return blocks;
  }

  /** Keeps every block touched during `work` from being collected. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#holders++;
    try {
      return await work();
    } finally {
      if (--this.#holders === 0) this.#held.clear();
    }
  }

  async has(cid: CID): Promise<boolean> {
    return inlineBytes(cid) !== undefined || this.#files.has(cid);
  }

  /** Stores a block whose bytes the caller has checked or hashed. */
  async put(cid: CID, bytes: Uint8Array): Promise<void> {
    if (inlineBytes(cid) !== undefined) return;
    if (bytes.length > this.#limits.maxBlockBytes) throw new HttpError(413, `block ${cid} is too large`);
    const key = blockKey(cid);
    this.#touch(key);
    await this.#deleting.get(key);
    const running = this.#writing.get(key);
    if (running !== undefined) return running;
    const write = this.#write(cid, bytes).finally(() => this.#writing.delete(key));
    this.#writing.set(key, write);
    return write;
  }

  /** The bytes of a block, from disk or, unless `offline`, from a peer. */
  async get(cid: CID, { offline = false, signal }: ReadOptions = {}): Promise<Uint8Array> {
    const inline = inlineBytes(cid);
    if (inline !== undefined) return inline;
    this.#touch(blockKey(cid));
    const stored = await this.#read(cid);
    if (stored !== undefined) return stored;
    const fetched = offline ? undefined : await fetchFromPeers(this.#peers, cid, this.#limits, signal);
    if (fetched === undefined) throw blockNotFound(cid);
    await this.put(cid, fetched);
    this.stats.fetched++;
    return fetched;
  }

  /** Deletes every block that `keep` does not name and no running request touched, and yields what it deleted. */
  async *sweep(keep: ReadonlySet<string>): AsyncGenerator<CID> {
    for await (const { name } of this.#list()) {
      if (name.endsWith('.tmp') || keep.has(name) || this.#held.has(name) || this.#writing.has(name)) continue;
      await this.#remove(name);
      yield sharding.decode(name);
    }
  }

  /** A block from disk; a damaged one is deleted, being as good as absent. */
  async #read(cid: CID): Promise<Uint8Array | undefined> {
    if (!(await this.#files.has(cid))) return undefined;
    const bytes = await collect(this.#files.get(cid), this.#limits.maxBlockBytes, `block ${cid}`).catch(
      () => undefined,
    );
    if (bytes !== undefined && (await matches(cid, bytes))) return bytes;
    await this.#remove(blockKey(cid));
    return undefined;
  }

  async #write(cid: CID, bytes: Uint8Array): Promise<void> {
    if (await this.#files.has(cid)) return;
    if (!this.#fits(bytes)) await this.#reclaimOnce();
    if (!this.#fits(bytes)) throw new HttpError(507, 'the store is full of what is pinned or in use');
    await this.#files.put(cid, bytes);
    this.#count(1, bytes.length);
  }

  #fits(bytes: Uint8Array): boolean {
    return this.stats.bytes + bytes.length <= this.#limits.maxStoreBytes;
  }

  async #reclaimOnce(): Promise<void> {
    this.#reclaiming ??= this.reclaim().finally(() => {
      this.#reclaiming = undefined;
    });
    await this.#reclaiming;
  }

  async #remove(key: string): Promise<void> {
    const file = path.join(this.#dir, key.slice(-'.data'.length - 2, -'.data'.length), key);
    const removal = (async () => {
      const size = (await stat(file).catch(() => undefined))?.size;
      if (size === undefined) return;
      await rm(file, { force: true });
      this.#count(-1, -size);
    })().finally(() => this.#deleting.delete(key));
    this.#deleting.set(key, removal);
    await removal;
  }

  async *#list(): AsyncGenerator<{ name: string; path: string; size: number }> {
    for (const shard of await readdir(this.#dir)) {
      for (const name of await readdir(path.join(this.#dir, shard))) {
        const file = path.join(this.#dir, shard, name);
        const found = await stat(file).catch(() => undefined);
        if (found?.isFile()) yield { name, path: file, size: found.size };
      }
    }
  }

  #touch(key: string): void {
    if (this.#holders > 0) this.#held.add(key);
  }

  #count(blocks: number, bytes: number): void {
    this.stats.blocks += blocks;
    this.stats.bytes += bytes;
  }
}
