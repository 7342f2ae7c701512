import { expect } from 'chai';
import {
  batchIdOf,
  connection,
  encodeTerms,
  type Market,
  MIEL,
  marketFixture,
  rejected,
  submitted,
  termsOf,
} from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;

describe('Penalties', () => {
  let system: Market;

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(marketFixture);
  });

  it('takes the whole lock: bounty to the challenger, compensation to the requester, half or more burned', async () => {
    const terms = await submitted(system);
    const batchId = await rejected(system, terms);
    const sent = system.penalties.connect(system.other).collect(batchId, encodeTerms(terms));
    await expect(sent).to.emit(system.penalties, 'Collected').withArgs(batchId, 1_000_000n, 250_000n, 200_000n);
    expect(await system.stake.credit(system.challenger)).to.equal(250n * MIEL);
    expect(await system.stake.credit(system.requester)).to.equal(200n * MIEL);
    expect(await system.stake.toBurn()).to.equal(550n * MIEL);
    const provision = await system.stake.provisionOf(system.provider, system.market, system.penalties);
    expect([provision.tokens, provision.locked, provision.held]).to.deep.equal([99_000_000n, 0n, 0n]);
    expect(await system.penalties.collected(batchId)).to.equal(true);
  });

  it('is once, and only of a rejected batch', async () => {
    const terms = await submitted(system);
    const collect = async () => system.penalties.collect(await batchIdOf(system, terms), encodeTerms(terms));
    await expect(collect()).to.be.revertedWithCustomError(system.penalties, 'Penalties_NotRejected');
    await rejected(system, terms);
    await collect();
    await expect(collect()).to.be.revertedWithCustomError(system.penalties, 'Penalties_Collected');
  });

  it("cannot burn another's compensation by wrong data, until nobody asked for it for 30 days", async () => {
    const terms = await submitted(system);
    const batchId = await rejected(system, terms);
    const wrong = encodeTerms(await termsOf(system));
    for (const data of [wrong, '0x', '0x1234']) {
      await expect(system.penalties.collect(batchId, data)).to.be.revertedWithCustomError(
        system.penalties,
        'Penalties_Injured',
      );
    }
    await networkHelpers.time.increase(30 * 86_400 + 1);
    await system.penalties.collect(batchId, '0x');
    expect(await system.stake.credit(system.requester)).to.equal(0n);
    expect(await system.stake.credit(system.challenger)).to.equal(250n * MIEL);
    expect(await system.stake.toBurn()).to.equal(750n * MIEL);
  });

  it('keeps the lock out of reach until it is collected', async () => {
    const terms = await submitted(system);
    const batchId = await rejected(system, terms);
    const { stake, provider, market, penalties } = system;
    await market.refund(terms);
    await expect(
      stake.connect(provider).thawProvision(market, penalties, 100_000n * MIEL),
    ).to.be.revertedWithCustomError(stake, 'StakeManager_Insufficient');
    await stake.connect(provider).thawProvision(market, penalties, 99_000n * MIEL);
    await networkHelpers.time.increase(15 * 86_400);
    await stake.connect(provider).deprovision(market, penalties);
    await penalties.collect(batchId, encodeTerms(terms));
    expect((await stake.provisionOf(provider, market, penalties)).tokens).to.equal(0n);
    expect(await stake.credit(system.challenger)).to.equal(250n * MIEL);
  });

  it('withstands a client that burns gas or answers nonsense: the slash is taken all the same', async () => {
    const { claims, stake, miel, other, penalties, challenger, provider } = system;
    for (const kind of [0, 1, 2]) {
      const client = await ethers.deployContract('BadClient__Mock', [claims, stake, penalties, kind]);
      await miel.transfer(other, 100n * MIEL);
      await miel.connect(other).approve(stake, ethers.MaxUint256);
      await stake.connect(other).stake(100n * MIEL);
      await stake.connect(other).provision(client, penalties, 100n * MIEL);
      await client.work(other, 100_000, challenger);
      const batchId = ethers.solidityPackedKeccak256(
        ['address', 'bytes32'],
        [await client.getAddress(), ethers.ZeroHash],
      );
      await networkHelpers.time.increase(31 * 86_400);
      await penalties.connect(provider).collect(batchId, '0x', { gasLimit: 2_000_000 });
      expect((await stake.provisionOf(other, client, penalties)).tokens).to.equal(0n);
    }
    expect(await stake.credit(challenger)).to.equal(75n * MIEL);
  });
});
