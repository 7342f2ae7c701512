import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { random, randomBytes } from '../../../test/random.ts';
import {
  ChunkTree,
  chunkRootFrom,
  chunksOf,
  commitTensor,
  type Hasher,
  hashChunks,
  toHex,
  ZERO_HASH,
} from '../../src/index.ts';

const sha = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const nodeHasher: Hasher = {
  leaves: (bytes) => hashChunks(bytes, sha),
  nodes: (pairs) => {
    const out = new Uint8Array(pairs.length / 2);
    for (let i = 0; i < pairs.length; i += 64) out.set(sha(pairs.subarray(i, i + 64)), i / 2);
    return out;
  },
};

/** The definition, without any shortcut: pad the chunks and the leaves, hash pairs. */
function plainRoot(bytes: Uint8Array): string {
  if (bytes.length === 0) return ZERO_HASH;
  let layer: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 1024) {
    const chunk = new Uint8Array(1024);
    chunk.set(bytes.subarray(at, at + 1024));
    layer.push(sha(chunk));
  }
  while (layer.length & (layer.length - 1)) layer.push(new Uint8Array(32));
  while (layer.length > 1) {
    layer = layer.flatMap((left, i) => (i % 2 === 0 ? [sha(new Uint8Array([...left, ...layer[i + 1]]))] : []));
  }
  return toHex(layer[0]);
}

describe('tensor commitments', () => {
  const next = random(1);
  for (const size of [0, 1, 1023, 1024, 1025, 2048, 3072, 5000, 9 * 1024, 70_001]) {
    it(`hashes ${size} bytes as the definition says, with every hasher`, () => {
      const bytes = randomBytes(next, size);
      expect(new ChunkTree(bytes).root).to.equal(plainRoot(bytes));
      expect(new ChunkTree(bytes, nodeHasher).root).to.equal(plainRoot(bytes));
    });
  }

  it('opens any set of chunks, and only with exactly the right siblings', () => {
    const bytes = randomBytes(next, 21 * 1024 - 7);
    const tree = new ChunkTree(bytes);
    for (let round = 0; round < 60; round++) {
      const picked = Array.from({ length: 21 }, (_, i) => i).filter(() => next() < 0.3);
      if (picked.length === 0) continue;
      const siblings = tree.openings(picked);
      const chunks = picked.map((i) => tree.chunk(i));
      expect(chunkRootFrom(bytes.length, picked, chunks, siblings)).to.equal(tree.root);
      expect(chunkRootFrom(bytes.length, picked, chunks, [...siblings, new Uint8Array(32)])).to.equal(null);
      if (siblings.length) expect(chunkRootFrom(bytes.length, picked, chunks, siblings.slice(1))).to.equal(null);
      const wrong = chunks.map((chunk) => chunk.slice());
      wrong[0][5] ^= 1;
      expect(chunkRootFrom(bytes.length, picked, wrong, siblings)).to.not.equal(tree.root);
    }
  });

  it('lists the chunks that ranges touch once each', () => {
    expect(
      chunksOf([
        { offset: 0, length: 4 },
        { offset: 8, length: 1020 },
        { offset: 5000, length: 1 },
      ]),
    ).to.eql([0, 1, 4]);
  });

  it('commits to type and layout as well as to bytes', () => {
    const bytes = randomBytes(next, 24);
    const roots = [
      commitTensor({ dtype: 'float32', layout: 0, dims: [2, 3] }, bytes).root,
      commitTensor({ dtype: 'float32', layout: 0x01, dims: [2, 3] }, bytes).root,
      commitTensor({ dtype: 'int32', layout: 0, dims: [2, 3] }, bytes).root,
      commitTensor({ dtype: 'float32', layout: 0, dims: [6] }, bytes).root,
    ];
    expect(new Set(roots).size).to.equal(4);
    expect(() => commitTensor({ dtype: 'float32', layout: 0x10, dims: [2, 3] }, bytes)).to.throw('layout');
    expect(() => commitTensor({ dtype: 'float32', layout: 0, dims: [2, 4] }, bytes)).to.throw('24 bytes');
  });
});
