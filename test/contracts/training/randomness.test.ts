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

  it('is proven after 256 blocks from the history of EIP-2935, for 8,191 blocks and not longer', async () => {
    const { randomness } = system;
    await reach(drawn);
    const header = await headerOf(drawn);
    const { hash } = await ethers.provider.send('eth_getBlockByNumber', [ethers.toQuantity(drawn), false]);
    const history = await withHistory();
    await networkHelpers.mine(300);
    const none = { contract: randomness, name: 'Randomness_NoHash' };
    await expect(randomness.record(drawn, header)).to.be.revertedWithCustomError(none.contract, none.name);
    await history.set(drawn, ethers.id('another block'));
    await expect(randomness.record(drawn, header)).to.be.revertedWithCustomError(randomness, 'Randomness_Header');
    await history.set(drawn, hash);
    const before = await networkHelpers.takeSnapshot();
    await randomness.record(drawn, header);
    expect(await randomness.status(drawn)).to.equal(1n);
    await before.restore();
    await networkHelpers.mine(Number(drawn) + 8_191 - (await ethers.provider.getBlockNumber()));
    expect(await randomness.status(drawn)).to.equal(0n);
    await expect(randomness.record(drawn, header)).to.be.revertedWithCustomError(none.contract, none.name);
    await networkHelpers.mine();
    expect(await randomness.status(drawn)).to.equal(2n);
  });
});

/** The system contract of EIP-2935, with hashes that the test sets. */
async function withHistory() {
  const mock = await ethers.deployContract('BlockHistory__Mock');
  const history = '0x0000F90827F1C53a10cb7A02335B175320002935';
  await networkHelpers.setCode(history, await ethers.provider.getCode(await mock.getAddress()));
  return ethers.getContractAt('BlockHistory__Mock', history);
}
