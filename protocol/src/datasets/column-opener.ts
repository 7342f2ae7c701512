import { type Hash, toHex } from '../commitments/bytes.ts';
import { CHUNK, defaultHasher } from '../commitments/hasher.ts';
import { depthOf, layersOf, nodeAt, siblingsAt } from '../commitments/positional.ts';
import { type ChunkOpener, chunkCount, chunksOf } from '../commitments/tensor.ts';
import { EssaimError } from '../errors.ts';
import type { Range } from '../faults/parts.ts';
import { ColumnTree } from './column-tree.ts';
import { layersAbove, PART_BYTES, PART_CHUNKS, PART_HEIGHT, partBytes, ZEROS } from './parts.ts';

/** A column as its roots name it. */
export interface CommittedColumn {
  readonly bytes: number;
  /** Roots of its parts, 32 bytes each. */
  readonly parts: readonly Uint8Array[];
}

/** Where a column's bytes and its leaves are read; nothing that it answers is believed. */
export interface ColumnSource {
  read(offset: number, length: number): Promise<Uint8Array>;
  /** The leaves of all chunks of one part, 32 bytes each. */
  leaves(part: number): Promise<Uint8Array>;
}

type Layers = readonly Uint8Array[];

/**
 * What opens the chunks of `ranges` (ascending, not empty), every byte checked against the column's roots. The result
 * takes the place of a ChunkTree in a proof that opens these chunks. DATASET_CHANGED where the source does not fit.
 */
export async function openColumn(
  column: CommittedColumn,
  ranges: readonly Range[],
  source: ColumnSource,
): Promise<ChunkOpener> {
  const indices = chunksOf(ranges);
  const above = layersAbove(column.bytes, column.parts);
  const below = new Map<number, Layers>();
  for (const part of new Set(indices.map(partOf))) below.set(part, await layersOfPart(column, part, source));
  const chunks = new Map<number, Uint8Array>();
  for (const run of runsOf(indices)) {
    const offset = run[0] * CHUNK;
    const bytes = await source.read(offset, Math.min(run.length * CHUNK, column.bytes - offset));
    const leaves = defaultHasher().leaves(bytes);
    run.forEach((index, i) => {
      const leaf = below.get(partOf(index))![0].subarray((index % PART_CHUNKS) * 32, (index % PART_CHUNKS) * 32 + 32);
      if (!same(leaf, leaves.subarray(i * 32, i * 32 + 32))) throw changed(`bytes ${index * CHUNK} and after`);
      const chunk = new Uint8Array(CHUNK);
      chunk.set(bytes.subarray(i * CHUNK, (i + 1) * CHUNK));
      chunks.set(index, chunk);
    });
  }
  const node = (height: number, index: number): Uint8Array => {
    if (height >= PART_HEIGHT) return nodeAt(above[height - PART_HEIGHT], ZEROS[height], index);
    const inPart = 2 ** (PART_HEIGHT - height);
    const layer = below.get(Math.floor(index / inPart))?.[height];
    return layer ? nodeAt(layer, ZEROS[height], index % inPart) : ZEROS[height];
  };
  const depth = depthOf(chunkCount(column.bytes));
  return {
    root: toHex(above.at(-1)!),
    chunk: (index) => chunks.get(index)!,
    openings: (opened) => siblingsAt(depth, opened, node),
  };
}

/** The bytes of ranges (ascending, not empty), read with the chunks around them and checked. DATASET_CHANGED */
export async function readRanges(column: CommittedColumn, ranges: readonly Range[], source: ColumnSource) {
  const opener = await openColumn(column, ranges, source);
  return ranges.map(({ offset, length }) => {
    const out = new Uint8Array(length);
    for (let at = offset; at < offset + length; ) {
      const end = Math.min(offset + length, (Math.floor(at / CHUNK) + 1) * CHUNK);
      out.set(opener.chunk(Math.floor(at / CHUNK)).subarray(at % CHUNK, (at % CHUNK) + end - at), at - offset);
      at = end;
    }
    return out;
  });
}

/** Chunk root of a column's first `bytes` bytes: what an earlier version of it had. DATASET_CHANGED */
export async function prefixRoot(column: CommittedColumn, bytes: number, source: ColumnSource): Promise<Hash> {
  const part = Math.floor(bytes / PART_BYTES);
  const full = Math.floor(bytes / CHUNK);
  const [tail] =
    bytes % CHUNK ? await readRanges(column, [{ offset: full * CHUNK, length: bytes % CHUNK }], source) : [];
  const leaves = bytes % PART_BYTES ? (await layersOfPart(column, part, source))[0] : new Uint8Array(0);
  const tree = ColumnTree.resume({
    parts: column.parts.slice(0, part),
    leaves: leaves.subarray(0, (full - part * PART_CHUNKS) * 32),
    tail: tail ?? new Uint8Array(0),
  });
  return tree.root();
}

const partOf = (chunk: number): number => Math.floor(chunk / PART_CHUNKS);
const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

async function layersOfPart(column: CommittedColumn, part: number, source: ColumnSource): Promise<Layers> {
  const leaves = await source.leaves(part);
  const expected = 32 * chunkCount(partBytes(column.bytes, part));
  if (leaves.length !== expected) throw changed(`the hashes of part ${part}`);
  const layers = layersOf(leaves, (pairs) => defaultHasher().nodes(pairs), ZEROS);
  if (!same(layers.at(-1)!, column.parts[part])) throw changed(`the hashes of part ${part}`);
  return layers;
}

/** Neighbouring chunks that are read at once, at most 1 MiB. */
function runsOf(indices: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const index of indices) {
    const run = runs.at(-1);
    if (run && run.length < 1024 && run.at(-1) === index - 1) run.push(index);
    else runs.push([index]);
  }
  return runs;
}

const changed = (what: string): EssaimError =>
  new EssaimError('DATASET_CHANGED', `${what} are not those that the data set was registered with`, {
    help: 'nothing of this answer was used: read from another holder, or tell the owner to publish the registered bytes',
  });
