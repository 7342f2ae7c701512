import { type ChunkOpener, chunkRootFrom, ListTree, listRootFrom } from '@essaim/protocol';
import { nativeHasher } from '@essaim/runtime';
import { expect } from 'chai';
import { random, randomBytes } from '../../test/random.ts';
import { listPaddingOf, paddedChunks, paddedList, paddingOf } from '../src/padding.ts';

const hashes = (count: number, seed: number) => {
  const next = random(seed);
  return Array.from({ length: count }, () => `0x${Buffer.from(randomBytes(next, 32)).toString('hex')}`);
};

describe('trees rebuilt from answers', () => {
  it('open every leaf of a list whose padding is not zero, from what one answer showed', () => {
    const all = hashes(8, 1);
    const whole = new ListTree(all);
    const real = all.slice(0, 5);
    const positions = [0, 1, 2, 3, 4];
    const rebuilt = paddedList(real, listPaddingOf(positions, 5, whole.openings(positions)));
    expect(rebuilt.root).to.equal(whole.root);
    for (const i of positions) expect(listRootFrom(real[i], i, 5, rebuilt.siblings(i))).to.equal(whole.root);
  });

  it('open every chunk of a tensor whose padding is not zero, from an answer that shows only the last ones', () => {
    const bytes = randomBytes(random(2), 8 * 1_024);
    const whole: ChunkOpener = paddedChunks(bytes, [], nativeHasher);
    const real = bytes.subarray(0, 5 * 1_024);
    const padding = paddingOf([3, 4], 5, whole.openings([3, 4]), nativeHasher.nodes);
    const rebuilt = paddedChunks(real, padding, nativeHasher);
    expect(rebuilt.root).to.equal(whole.root);
    for (let i = 0; i < 5; i++) {
      expect(chunkRootFrom(5 * 1_024, [i], [rebuilt.chunk(i)], rebuilt.openings([i]))).to.equal(whole.root);
    }
  });
});
