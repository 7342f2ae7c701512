import { runIdOf } from '@essaim/protocol';
import { expect } from 'chai';
import { connection, funded, headerOf, reach, type Training, trainingFixture } from './fixture.ts';

const { ethers, networkHelpers } = connection;

describe('Randomness of a fixed future block', () => {
  let system: Training;
  let drawn: bigint;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
    drawn = (await system.registry.sums(runIdOf(await funded(system)))).drawn;
  });

  it('is the mixHash of that block’s header, recorded once by anybody', async () => {
    const { randomness, other } = system;
    await reach(drawn);
    expect(await randomness.status(drawn)).to.equal(0n);
    await expect(randomness.value(drawn)).to.be.revertedWithCustomError(randomness, 'Randomness_Unknown');
    const header = await headerOf(drawn);
    await randomness.connect(other).record(drawn, header);
    const { mixHash } = await ethers.provider.send('eth_getBlockByNumber', [ethers.toQuantity(drawn), false]);
    expect(await randomness.value(drawn)).to.equal(mixHash);
    expect(await randomness.status(drawn)).to.equal(1n);
    await expect(randomness.record(drawn, header)).to.be.revertedWithCustomError(randomness, 'Randomness_Recorded');
  });

  it('takes no other header, no changed one and no block to come', async () => {
    const { randomness } = system;
    await expect(randomness.record(drawn, '0x')).to.be.revertedWithCustomError(randomness, 'Randomness_NoHash');
    await reach(drawn);
    const header = ethers.getBytes(await headerOf(drawn));
    header[header.length - 40] ^= 1;
    for (const wrong of [header, await headerOf(drawn + 1n), '0x']) {
      await expect(randomness.record(drawn, wrong)).to.be.revertedWithCustomError(randomness, 'Randomness_Header');
    }
  });
});
