import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { assertFigure } from '../../scripts/figures.ts';
import { bundle, type Chunk, sizeAtOnce } from '../../scripts/size/bundle.ts';
import { sdkBundle, sdkSize } from '../../scripts/size.ts';

const modulesOf = (chunks: readonly Chunk[]): string[] => chunks.flatMap(({ modules }) => modules);

describe('the SDK in a browser', () => {
  it('weighs at most 120 kB after gzip, ethers among them, in what is loaded at once', async () => {
    const chunks = await sdkBundle();
    assertFigure('size.sdk.browser', sdkSize(chunks));
    const atOnce = modulesOf(chunks.filter((chunk) => chunk.atOnce));
    for (const later of [
      '/protocol/src/judges/',
      '/protocol/src/onnx/',
      '/storage/src/ipfs/ipfs-reader',
      '/multiformats/',
      '/sdk/src/training/',
    ])
      expect(
        atOnce.filter((module) => module.includes(later)),
        later,
      ).to.be.empty;
  });

  it('brings nothing that is not asked for: an error alone comes without ethers, contracts or parts', async () => {
    const chunks = await bundle(
      "export { EssaimError } from '@essaim/sdk';",
      fileURLToPath(new URL('..', import.meta.url)),
    );
    expect(modulesOf(chunks).filter((module) => /node_modules|\/generated\//.test(module))).to.be.empty;
    expect(sizeAtOnce(chunks)).to.be.below(1_000);
    expect(chunks).to.have.lengthOf(1);
  });
});
