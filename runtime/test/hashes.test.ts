import { commitTensor } from '@essaim/protocol';
import { expect } from 'chai';
import { hexlify, keccak256 } from 'ethers';
import { random } from '../../test/random.ts';
import { fastKeccak, LONGEST } from '../src/hashes/fast-keccak.ts';
import { nativeHasher } from '../src/index.ts';
import { rootsOf } from '../src/pool/roots.ts';

const next = random(11);
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(256 * next()));

describe('hashes', () => {
  it('by WebAssembly are keccak256, at every length around a block and at the longest', () => {
    for (const length of [...Array(420).keys(), 5_000, LONGEST]) {
      const message = bytes(length);
      expect(hexlify(fastKeccak(message)), `${length} bytes`).to.equal(keccak256(message));
    }
  });

  it('of many tensors at once are those of each', () => {
    const lengths = [0, 1, 1_024, 1_025, 2_048, 3_000, 5_000, 16_384, 40_000, 7];
    const tensors = lengths.map((length) => ({
      type: { dtype: 'uint8', layout: 0, dims: [length] } as const,
      bytes: bytes(length),
    }));
    const roots = tensors.map(({ type, bytes }) => commitTensor(type, bytes, nativeHasher).root);
    expect(rootsOf(tensors)).to.deep.equal(roots);
    expect(rootsOf([])).to.deep.equal([]);
  });
});
