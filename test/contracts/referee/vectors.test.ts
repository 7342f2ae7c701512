import { readFileSync } from 'node:fs';
import { concat, fromHex, toHex, uint } from '@essaim/protocol';
import { expect } from 'chai';
import { type Contract, concat as join } from 'ethers';
import { network } from 'hardhat';

const vectors = JSON.parse(readFileSync(new URL('../../vectors/commitments.json', import.meta.url), 'utf8'));
const TAGS = ['tensor', 'operator', 'segment', 'interface', 'program', 'claim', 'context', 'accusation'];

describe("The referee's libraries, on the golden vectors", () => {
  let libs: Contract;
  before(async () => {
    const { ethers } = await network.getOrCreate();
    libs = (await ethers.deployContract('RefereeLibs__Harness')) as unknown as Contract;
  });

  it('have the same tags', async () => {
    expect(await libs.tags()).to.deep.equal(TAGS.map((name) => vectors.tags[name]));
  });
  it('name operators, interfaces, programs and claims alike', async () => {
    for (const { body, leaf } of vectors.operators)
      expect(await libs.tagged(vectors.tags.operator, body)).to.equal(leaf);
    for (const { bytes, hash } of vectors.interfaces) {
      expect(await libs.tagged(vectors.tags.interface, bytes)).to.equal(hash);
    }
    for (const { header, id } of vectors.programs) expect(await libs.programId(header)).to.equal(id);
    for (const { programId, inputsRoot, traceRoot, context, hash } of vectors.claims) {
      expect(await libs.claim(programId, join([inputsRoot, traceRoot, context]))).to.equal(hash);
    }
  });
  it('give every tensor the same root and length', async () => {
    for (const { typeBytes, chunkRoot, root, bytes } of vectors.tensors) {
      expect(await libs.tensorRoot(typeBytes, chunkRoot)).to.deep.equal([root, BigInt(fromHex(bytes).length)]);
    }
  });
  it('open any set of chunks to the same root', async () => {
    let opened = 0;
    for (const { bytes, chunkRoot, openings } of vectors.tensors) {
      const content = fromHex(bytes);
      for (const { chunks, siblings } of openings as { chunks: number[]; siblings: string[] }[]) {
        const blob = concat([
          ...chunks.flatMap((chunk) => [uint(chunk * 1024, 4), uint(1, 4)]),
          ...chunks.map((chunk) => {
            const padded = new Uint8Array(1024);
            padded.set(content.subarray(chunk * 1024, chunk * 1024 + 1024));
            return padded;
          }),
          ...siblings.map((sibling) => fromHex(sibling)),
        ]);
        const [root, touched] = await libs.open(content.length, chunks.length, toHex(blob));
        expect(root).to.equal(chunkRoot);
        expect(touched).to.deep.equal(chunks.map(BigInt));
        opened++;
      }
    }
    expect(opened).to.be.greaterThan(30);
  });
  it('open every list to the same root, and refuse what lies beyond it', async () => {
    for (const { leaves, root, siblings } of vectors.lists as {
      leaves: string[];
      root: string;
      siblings: string[][];
    }[]) {
      for (const [index, leaf] of leaves.entries()) {
        const path = siblings[index];
        if (path) expect(await libs.up(leaf, index, leaves.length, join(path))).to.equal(root);
      }
      await expect(libs.up(root, leaves.length, leaves.length, '0x')).to.be.revertedWithCustomError(
        libs,
        'Merkle_Index',
      );
    }
  });
});
