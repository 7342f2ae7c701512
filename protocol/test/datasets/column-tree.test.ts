import { expect } from 'chai';
import { random, randomBytes } from '../../../test/random.ts';
import {
  CHUNK,
  ChunkTree,
  ColumnTree,
  type ColumnTreeOptions,
  chunkRootFrom,
  chunkRootOfParts,
  chunksOf,
  type Hasher,
  openColumn,
  PART_BYTES,
  partCount,
  prefixRoot,
  readRanges,
  toHex,
  wasmHasher,
} from '../../src/index.ts';

/** The hasher, and how many leaves and nodes it made. */
function counting() {
  const made = { leaves: 0, nodes: 0 };
  const hasher: Hasher = {
    leaves(bytes) {
      made.leaves += Math.ceil(bytes.length / CHUNK);
      return wasmHasher.leaves(bytes);
    },
    nodes(pairs) {
      made.nodes += pairs.length / 64;
      return wasmHasher.nodes(pairs);
    },
  };
  return { hasher, made };
}

/** A column in memory with its leaves, grown in pieces. */
function grow(pieces: readonly Uint8Array[], options: ColumnTreeOptions = {}) {
  const leaves: Uint8Array[] = [];
  const tree = new ColumnTree({ ...options, onLeaves: (some) => leaves.push(some) });
  for (const piece of pieces) tree.append(piece);
  return { tree, leaves: new Uint8Array(Buffer.concat(leaves)) };
}

const cut = (bytes: Uint8Array, next: () => number): Uint8Array[] => {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = Math.floor(next() ** 3 * 5000);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
};

describe('a column’s tree', () => {
  const next = random(4);

  it('has the root of the tensor’s tree at every length, however the bytes come', () => {
    for (const size of [0, 1, 1023, 1024, 1025, 2048, 2049, 3072, 4096, 7 * 1024, 8 * 1024, 50_000, 70_001]) {
      const bytes = randomBytes(next, size);
      const { tree } = grow(cut(bytes, next));
      expect(tree.length).to.equal(size);
      expect(tree.root(), `${size} bytes`).to.equal(new ChunkTree(bytes).root);
      expect(chunkRootOfParts(size, tree.partRoots())).to.equal(tree.root());
    }
  });

  it('can be asked for its root between two rows', () => {
    const bytes = randomBytes(next, 9000);
    const tree = new ColumnTree();
    for (let at = 0; at < bytes.length; at += 300) {
      tree.append(bytes.subarray(at, at + 300));
      expect(tree.root()).to.equal(new ChunkTree(bytes.subarray(0, at + 300)).root);
    }
  });

  it('is continued in a new version by hashing the new chunks and the unfinished one', () => {
    const bytes = randomBytes(next, 1_000_000);
    const before = 900_000;
    const { tree, leaves } = grow([bytes.subarray(0, before)]);
    const full = Math.floor(before / CHUNK);
    expect(leaves.length).to.equal(full * 32);
    const { hasher, made } = counting();
    const tail = bytes.subarray(full * CHUNK, before);
    const grown = ColumnTree.resume({ parts: [], leaves, tail }, { hasher });
    expect(made.leaves).to.equal(0);
    expect(grown.root()).to.equal(tree.root());
    made.leaves = 0;
    grown.append(bytes.subarray(before));
    expect(grown.root()).to.equal(new ChunkTree(bytes).root);
    expect(made.leaves).to.equal(Math.ceil(bytes.length / CHUNK) - full);
  });

  it('that stays in memory costs a version of k chunks about k nodes', () => {
    const { hasher, made } = counting();
    const tree = new ColumnTree({ hasher });
    tree.append(new Uint8Array(4000 * CHUNK));
    made.nodes = 0;
    tree.append(new Uint8Array(10 * CHUNK));
    tree.root();
    expect(made.nodes).to.be.below(10 + 2 * 13);
  });
});

describe('a column’s proofs', () => {
  const next = random(5);

  it('are the openings of the tensor’s tree, byte by byte', async () => {
    const bytes = randomBytes(next, 30 * 1024 - 7);
    const { tree } = grow([bytes]);
    const whole = new ChunkTree(bytes);
    const leaves = wasmHasher.leaves(bytes);
    const source = {
      read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
      leaves: async () => leaves,
    };
    const column = { bytes: bytes.length, parts: tree.partRoots() };
    for (const ranges of [
      [{ offset: 0, length: 4 }],
      [{ offset: bytes.length - 1, length: 1 }],
      [
        { offset: 1020, length: 8 },
        { offset: 9000, length: 3000 },
      ],
    ]) {
      const opener = await openColumn(column, ranges, source);
      const chunks = chunksOf(ranges);
      expect(opener.root).to.equal(whole.root);
      expect(opener.openings(chunks)).to.deep.equal(whole.openings(chunks));
      for (const chunk of chunks) expect(opener.chunk(chunk)).to.deep.equal(whole.chunk(chunk));
      const read = await readRanges(column, ranges, source);
      expect(read).to.deep.equal(ranges.map(({ offset, length }) => bytes.slice(offset, offset + length)));
    }
  });

  it('reach across parts of 64 MiB', async function () {
    this.timeout(30_000);
    const bytes = new Uint8Array(PART_BYTES + 5 * CHUNK + 17);
    const words = new Uint32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
    for (let i = 0; i < words.length; i += 61) words[i] = Math.imul(i, 0x9e3779b1);
    const { tree } = grow([bytes.subarray(0, 1_000_001), bytes.subarray(1_000_001)]);
    const whole = new ChunkTree(bytes);
    expect(tree.root()).to.equal(whole.root);
    const parts = tree.partRoots();
    expect(parts.length).to.equal(partCount(bytes.length)).and.to.equal(2);
    expect(chunkRootOfParts(bytes.length, parts)).to.equal(whole.root);
    const all = wasmHasher.leaves(bytes);
    const source = {
      read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
      leaves: async (part: number) => all.subarray(part * 65536 * 32, (part + 1) * 65536 * 32),
    };
    const ranges = [
      { offset: 5000, length: 8 },
      { offset: PART_BYTES - 4, length: 8 },
      { offset: bytes.length - 1, length: 1 },
    ];
    const column = { bytes: bytes.length, parts };
    for (const asked of [ranges, [ranges[0]], [ranges[2]]]) {
      const chunks = chunksOf(asked);
      const opener = await openColumn(column, asked, source);
      const siblings = opener.openings(chunks);
      expect(siblings).to.deep.equal(whole.openings(chunks));
      const given = chunks.map((chunk) => opener.chunk(chunk));
      expect(chunkRootFrom(bytes.length, chunks, given, siblings)).to.equal(whole.root);
    }
    for (const length of [5000, PART_BYTES, PART_BYTES + 2 * CHUNK + 5, bytes.length]) {
      const { tree: earlier } = grow([bytes.subarray(0, length)]);
      expect(await prefixRoot(column, length, source), `${length} bytes`).to.equal(earlier.root());
    }
    const resumed = ColumnTree.resume({
      parts: parts.slice(0, 1),
      leaves: all.subarray(65536 * 32, 65541 * 32),
      tail: bytes.subarray(PART_BYTES + 5 * CHUNK),
    });
    expect(resumed.root()).to.equal(whole.root);
    expect(resumed.partRoots().map(toHex)).to.deep.equal(parts.map(toHex));
  });

  it('are not made of bytes or hashes that changed', async () => {
    const bytes = randomBytes(next, 5000);
    const { tree } = grow([bytes]);
    const leaves = wasmHasher.leaves(bytes);
    const column = { bytes: bytes.length, parts: tree.partRoots() };
    const read = async (offset: number, length: number) => bytes.slice(offset, offset + length);
    const open = (source: Parameters<typeof openColumn>[2]) =>
      openColumn(column, [{ offset: 2000, length: 100 }], source).then(
        () => 'opened',
        (error: { code: string }) => error.code,
      );
    expect(await open({ read, leaves: async () => leaves })).to.equal('opened');
    const other = async (offset: number, length: number) => (await read(offset, length)).map((byte) => byte ^ 1);
    expect(await open({ read: other, leaves: async () => leaves })).to.equal('DATASET_CHANGED');
    expect(await open({ read, leaves: async () => leaves.map((byte) => byte ^ 1) })).to.equal('DATASET_CHANGED');
    expect(await open({ read, leaves: async () => leaves.subarray(32) })).to.equal('DATASET_CHANGED');
    expect(await open({ read: async () => bytes.subarray(0, 10), leaves: async () => leaves })).to.equal(
      'DATASET_CHANGED',
    );
  });
});
