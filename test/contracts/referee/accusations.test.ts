import { accusationHash } from '@essaim/protocol';
import { expect } from 'chai';
import type { Contract } from 'ethers';
import { id, keccak256 } from 'ethers';
import { network } from 'hardhat';
import { send } from './world.ts';

describe('Accusations', () => {
  const proof = Uint8Array.of(1, 2, 3);
  const [batch, salt] = [id('batch'), id('salt')];

  async function deploy() {
    const { ethers, networkHelpers } = await network.create();
    const [challenger, other, timelock] = await ethers.getSigners();
    const parameters = await ethers.deployContract('ProtocolParameters', [timelock, ethers.ZeroAddress]);
    const accusations = (await ethers.deployContract('Accusations', [parameters])) as unknown as Contract;
    const accusation = accusationHash(batch, proof, challenger.address, salt);
    const check = (who = challenger.address, of = proof, at = batch, with_ = salt) =>
      accusations.check(at, keccak256(of), who, with_);
    return { ethers, networkHelpers, challenger, other, timelock, parameters, accusations, accusation, check };
  }

  it('notes time and block of an accusation and says so', async () => {
    const { ethers, challenger, accusations, accusation } = await deploy();
    await expect(send(accusations, challenger, 'accuse', accusation))
      .to.emit(accusations, 'Accused')
      .withArgs(accusation);
    const block = (await ethers.provider.getBlock('latest'))!;
    const made = [BigInt(block.timestamp), BigInt(block.number), 1n, 7_200n];
    expect(await accusations.madeAt(accusation)).to.deep.equal(made);
  });
  it('keeps the earliest', async () => {
    const { networkHelpers, challenger, other, accusations, accusation } = await deploy();
    await send(accusations, challenger, 'accuse', accusation);
    const first = await accusations.madeAt(accusation);
    await networkHelpers.mine(10);
    await expect(send(accusations, other, 'accuse', accusation)).to.not.emit(accusations, 'Accused');
    expect(await accusations.madeAt(accusation)).to.deep.equal(first);
  });
  it('counts from the next block', async () => {
    const { networkHelpers, challenger, accusations, accusation, check } = await deploy();
    await send(accusations, challenger, 'accuse', accusation);
    await expect(accusations.check.staticCall(batch, id('x'), challenger.address, salt)).to.be.revertedWithCustomError(
      accusations,
      'Accusations_None',
    );
    const { blockNumber } = await accusations.madeAt(accusation);
    const digest = keccak256(proof);
    await expect(
      accusations.check(batch, digest, challenger.address, salt, { blockTag: Number(blockNumber) }),
    ).to.be.revertedWithCustomError(accusations, 'Accusations_TooSoon');
    await networkHelpers.mine(1);
    await check();
  });
  it('counts for two hours and no longer', async () => {
    const { networkHelpers, challenger, accusations, accusation, check } = await deploy();
    await send(accusations, challenger, 'accuse', accusation);
    const [time] = await accusations.madeAt(accusation);
    const lifetime = 7_200n;
    await networkHelpers.time.increaseTo(time + lifetime);
    await check();
    await networkHelpers.time.increaseTo(time + lifetime + 1n);
    await expect(check()).to.be.revertedWithCustomError(accusations, 'Accusations_Expired');
  });
  it('is settled by the rules under which it was made', async () => {
    const { ethers, networkHelpers, challenger, timelock, parameters, accusations, accusation, check } = await deploy();
    const keys = ['accusationRules.minBlocks', 'accusationRules.maxSeconds'].map(ethers.encodeBytes32String);
    await send(accusations, challenger, 'accuse', accusation);
    await parameters.connect(timelock).change(keys, [2, 3_600]);
    await check(); // one block old, where two are asked now
    const [time, , blocks, seconds] = await accusations.madeAt(accusation);
    expect([blocks, seconds]).to.deep.equal([1n, 7_200n]);
    await networkHelpers.time.increaseTo(time + 7_200n);
    await check();
    const later = ethers.id('accused after the change');
    await send(accusations, challenger, 'accuse', later);
    expect((await accusations.madeAt(later)).slice(2)).to.deep.equal([2n, 3_600n]);
  });
  it('counts only for its batch, proof, challenger and salt', async () => {
    const { networkHelpers, challenger, other, accusations, accusation, check } = await deploy();
    await send(accusations, challenger, 'accuse', accusation);
    await networkHelpers.mine(1);
    for (const wrong of [
      check(other.address),
      check(challenger.address, Uint8Array.of(1)),
      check(challenger.address, proof, id('other')),
      check(challenger.address, proof, batch, id('other')),
    ]) {
      await expect(wrong).to.be.revertedWithCustomError(accusations, 'Accusations_None');
    }
  });
});
