import { exporter, type UnixFSEntry } from 'ipfs-unixfs-exporter';
import type { CID } from 'multiformats/cid';
import { CODEC } from './cid.ts';
import { StorageError } from './errors.ts';

/** Gives the bytes of a block, already checked against its CID. */
export type BlockSource = (cid: CID) => Promise<Uint8Array>;

/** Deeper than any file written with two or more links a node. */
const MAX_DEPTH = 64;

interface Part {
  data: Uint8Array;
  children: { cid: CID; size: number }[];
  size: number;
}

interface Pending {
  cid: CID;
  start: number;
  size: number;
  depth: number;
  block?: Promise<Uint8Array>;
}

/** A UnixFS file: its size in bytes and a reader of any range of it. */
export interface FileHandle {
  size: number;
  /** Yields the bytes from `offset` up to `offset + length`, in order, reading only the blocks that hold them. */
  read(range?: { offset?: number; length?: number }): AsyncGenerator<Uint8Array>;
}

/**
 * Opens the file that `root` names; a raw block is a file too. Reads are pulled: at most `readAhead` blocks a level
 * are fetched before they are asked for, so memory stays bounded whatever the file's size.
 * @throws StorageError STORAGE_NOT_A_FILE for a directory, another codec, or nodes that disagree about sizes.
 */
export async function openFile(root: CID, source: BlockSource, readAhead = 8): Promise<FileHandle> {
  const top = await decodePart(root, await source(root));
  return {
    size: top.size,
    async *read({ offset = 0, length = Number.POSITIVE_INFINITY } = {}) {
      const end = Math.min(top.size, offset + length);
      const stack: Pending[] = [];
      yield* visit(top, 0, 0, offset, end, stack);
      while (stack.length > 0) {
        for (const ahead of stack.slice(-readAhead)) ahead.block ??= silently(source(ahead.cid));
        const next = stack.pop()!;
        const part = await decodePart(next.cid, await next.block!);
        if (part.size !== next.size)
          throw notAFile(next.cid, `it holds ${part.size} bytes, its parent says ${next.size}`);
        yield* visit(part, next.start, next.depth, offset, end, stack);
      }
    },
  };
}

/** Yields a node's own bytes within the range and stacks the children that hold the others. */
function* visit(part: Part, start: number, depth: number, offset: number, end: number, stack: Pending[]) {
  const own = part.data.subarray(Math.max(0, offset - start), Math.max(0, end - start));
  if (own.length > 0) yield own;
  const children: Pending[] = [];
  let at = start + part.data.length;
  for (const { cid, size } of part.children) {
    if (size > 0 && at < end && at + size > offset) children.push({ cid, start: at, size, depth: depth + 1 });
    at += size;
  }
  if (children.length > 0 && depth >= MAX_DEPTH)
    throw notAFile(children[0].cid, `it is more than ${MAX_DEPTH} nodes deep`);
  stack.push(...children.reverse());
}

async function decodePart(cid: CID, block: Uint8Array): Promise<Part> {
  if (cid.code === CODEC.raw) return { data: block, children: [], size: block.length };
  if (cid.code !== CODEC['dag-pb']) throw notAFile(cid, `its codec is 0x${cid.code.toString(16)}`);
  const { unixfs, node } = await decodeNode(cid, block);
  if (unixfs.blockSizes.length !== node.Links.length) throw notAFile(cid, 'its links and sizes differ in number');
  const data = unixfs.data ?? new Uint8Array();
  const children = node.Links.map((link, i) => ({ cid: link.Hash, size: Number(unixfs.blockSizes[i]) }));
  const size = children.reduce((sum, child) => sum + child.size, data.length);
  if (!Number.isSafeInteger(size)) throw notAFile(cid, 'its size is out of range');
  return { data, children, size };
}

/** One UnixFS node, decoded by the exporter from a store that holds this block only. */
async function decodeNode(cid: CID, block: Uint8Array) {
  const only = {
    async *get() {
      yield block;
    },
  };
  let entry: UnixFSEntry;
  try {
    entry = await exporter(cid.toString(), only);
  } catch (cause) {
    throw notAFile(cid, 'its block is not UnixFS', cause);
  }
  if (entry.type !== 'file') throw notAFile(cid, `it is a ${entry.type}`);
  return entry;
}

/** A promise whose failure is reported where it is awaited and nowhere else. */
function silently<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function notAFile(cid: CID, reason: string, cause?: unknown): StorageError {
  return new StorageError('STORAGE_NOT_A_FILE', `${cid} is not a readable file: ${reason}`, {
    help: 'Pass the CID of a file. A manifest is read with getManifest, a block with getBlock.',
    cause,
    details: { cid: cid.toString() },
  });
}
