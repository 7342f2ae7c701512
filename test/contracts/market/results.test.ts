import { expect } from 'chai';
import {
  accepted,
  BURN,
  batchIdOf,
  connection,
  encodeTerms,
  jobIdOf,
  type Market,
  MIEL,
  marketFixture,
  PRICE,
  passWindow,
  posted,
  Reason,
  rejected,
  State,
  submitted,
  termsOf,
} from './fixture.ts';

const { ethers, networkHelpers } = connection;
const TRACE = ethers.id('trace');
const RECEIPT = ethers.id('receipt');

/** milli-MIEL that a first job of these terms locks. */
const LOCK = 1_000_000n;

describe('JobMarket from a result to its end', () => {
  let system: Market;
  const market = () => system.market;
  const stateOf = async (terms: Parameters<typeof jobIdOf>[0]) => (await market().job(jobIdOf(terms))).state;
  const provision = async () => system.stake.provisionOf(system.provider, system.market, system.penalties);

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(marketFixture);
  });

  describe('submit', () => {
    it('builds the claim from the job, hands it to Claims with the lock, and pays after the window', async () => {
      const terms = await accepted(system);
      const jobId = jobIdOf(terms);
      await expect(market().connect(system.provider).submit(terms, TRACE, RECEIPT)).to.emit(market(), 'Submitted');
      const batch = await system.claims.batch(await batchIdOf(system, terms));
      const { chainId } = await ethers.provider.getNetwork();
      const context = ethers.solidityPackedKeccak256(
        ['bytes32', 'uint256', 'address', 'bytes32', 'uint32', 'bytes32'],
        [ethers.id('essaim/context/1'), chainId, await system.market.getAddress(), jobId, 0, ethers.ZeroHash],
      );
      const claim = ethers.solidityPackedKeccak256(
        ['bytes32', 'bytes32', 'bytes32', 'bytes32', 'bytes32'],
        [ethers.id('essaim/claim/1'), terms.programId, terms.inputsRoot, TRACE, context],
      );
      expect(batch.root).to.equal(claim);
      expect([batch.count, batch.lock, batch.executor, batch.client, batch.epoch]).to.deep.equal([
        1n,
        LOCK,
        system.provider.address,
        await system.market.getAddress(),
        1n,
      ]);

      await expect(market().withdraw(terms)).to.be.revertedWithCustomError(market(), 'JobMarket_NotFinal');
      await passWindow();
      const fee = 50n * PRICE;
      const paid = (fee * 95n) / 100n;
      await expect(market().connect(system.other).withdraw(terms)).to.changeTokenBalances(
        ethers,
        system.token,
        [system.provider, system.market, system.other],
        [paid, -paid, 0n],
      );
      expect(await stateOf(terms)).to.equal(State.Paid);
      expect(await provision().then((p) => [p.tokens, p.locked, p.held])).to.deep.equal([100_000_000n, 0n, 0n]);

      const { token } = system;
      expect(await market().owed(token, system.treasury)).to.equal((fee * 2n) / 100n);
      await expect(market().collect(token, system.treasury)).to.changeTokenBalance(
        ethers,
        token,
        system.treasury,
        (fee * 2n) / 100n,
      );
      await expect(market().collect(token, system.auditPool)).to.changeTokenBalance(
        ethers,
        token,
        system.auditPool,
        (fee * 3n) / 100n,
      );
      await expect(market().collectRoyalty(token, system.model)).to.changeTokenBalance(
        ethers,
        token,
        system.royalties,
        PRICE,
      );
      await expect(system.royalties.collect(token, system.model)).to.changeTokenBalance(
        ethers,
        token,
        system.modelOwner,
        PRICE,
      );
      expect(await token.balanceOf(system.market)).to.equal(0n);
      await expect(market().collect(token, system.treasury)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_Nothing',
      );
      await expect(market().collectRoyalty(token, system.model)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_Nothing',
      );
    });

    it('is for the provider, once, by the function for its number of inputs', async () => {
      const terms = await accepted(system);
      const by = (who: typeof system.provider) => market().connect(who);
      await expect(by(system.other).submit(terms, TRACE, RECEIPT)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_Caller',
      );
      await expect(by(system.provider).submitBatch(terms, TRACE, RECEIPT)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_Count',
      );
      await by(system.provider).submit(terms, TRACE, RECEIPT);
      await expect(by(system.provider).submit(terms, TRACE, RECEIPT)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_State',
      );
      const many = await accepted(system, { count: 2n });
      await expect(by(system.provider).submit(many, TRACE, RECEIPT)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_Count',
      );
    });

    it('C1: leaves void claims unpaid: half goes back, half to the burn address', async () => {
      const terms = await submitted(system, { count: 4n });
      const batchId = await batchIdOf(system, terms);
      for (const leaf of [1, 3]) await system.claims.connect(system.referee).annul(batchId, leaf);
      await passWindow();
      await market().withdraw(terms);
      const { token } = system;
      expect(await token.balanceOf(system.provider)).to.equal((2n * 50n * PRICE * 95n) / 100n);
      expect(await market().owed(token, system.requester)).to.equal(51n * PRICE);
      expect(await market().owed(token, BURN)).to.equal(51n * PRICE);
      expect(await market().royalties(token, system.model)).to.equal(2n * PRICE);
    });
  });

  describe('release', () => {
    it('pays before the window ends while the lock stays until then', async () => {
      const terms = await submitted(system);
      await expect(market().connect(system.other).release(terms)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_Caller',
      );
      await expect(market().connect(system.requester).release(terms)).to.changeTokenBalance(
        ethers,
        system.token,
        system.provider,
        (50n * PRICE * 95n) / 100n,
      );
      expect((await provision()).locked).to.equal(LOCK);
      await expect(market().withdraw(terms)).to.be.revertedWithCustomError(market(), 'JobMarket_NotFinal');
      await passWindow();
      await expect(market().withdraw(terms)).to.changeTokenBalance(ethers, system.token, system.provider, 0n);
      expect(await stateOf(terms)).to.equal(State.Unlocked);
      expect((await provision()).locked).to.equal(0n);
      await expect(market().withdraw(terms)).to.be.revertedWithCustomError(market(), 'JobMarket_State');
    });

    it('leaves a released result liable: its lock is still slashed', async () => {
      const terms = await submitted(system);
      await market().connect(system.requester).release(terms);
      const batchId = await rejected(system, terms);
      await passWindow();
      await expect(market().withdraw(terms)).to.be.revertedWithCustomError(market(), 'JobMarket_Rejected');
      await system.penalties.collect(batchId, encodeTerms(terms));
      expect((await provision()).tokens).to.equal(100_000_000n - LOCK);
    });

    it('is not for a rejected result', async () => {
      const terms = await submitted(system);
      await rejected(system, terms);
      await expect(market().connect(system.requester).release(terms)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_Rejected',
      );
    });
  });

  describe('refund', () => {
    it('gives all back when no result came, and burns a share of the lock', async () => {
      const terms = await accepted(system);
      await expect(market().refund(terms)).to.be.revertedWithCustomError(market(), 'JobMarket_Deadline');
      await networkHelpers.time.increaseTo(terms.deadline + 1n);
      const sent = market().refund(terms);
      await expect(sent).to.changeTokenBalance(ethers, system.token, system.requester, 51n * PRICE);
      await expect(sent)
        .to.emit(market(), 'Refunded')
        .withArgs(jobIdOf(terms), system.requester.address, 51n * PRICE, 0n, Reason.Late);
      expect(await system.stake.toBurn()).to.equal(100n * MIEL);
      expect(await provision().then((p) => [p.tokens, p.locked])).to.deep.equal([100_000_000n - LOCK / 10n, 0n]);
      await expect(market().refund(terms)).to.be.revertedWithCustomError(market(), 'JobMarket_State');
    });

    it('gives all but the verification fee back when the result was rejected, and leaves the lock to Penalties', async () => {
      const terms = await submitted(system);
      await expect(market().refund(terms)).to.be.revertedWithCustomError(market(), 'JobMarket_NoRefund');
      const batchId = await rejected(system, terms);
      await expect(market().withdraw(terms)).to.be.revertedWithCustomError(market(), 'JobMarket_Rejected');
      const kept = (50n * PRICE * 300n) / 10_000n;
      await expect(market().refund(terms)).to.changeTokenBalance(
        ethers,
        system.token,
        system.requester,
        51n * PRICE - kept,
      );
      expect(await market().owed(system.token, system.auditPool)).to.equal(kept);
      expect((await provision()).locked).to.equal(LOCK);
      await system.penalties.collect(batchId, encodeTerms(terms));
      expect(await system.stake.credit(system.challenger)).to.equal(250n * MIEL);
      expect(await system.stake.credit(system.requester)).to.equal(200n * MIEL);
      expect(await system.stake.toBurn()).to.equal(550n * MIEL);
    });

    it('is not for an open, paid or unknown job', async () => {
      for (const terms of [await posted(system), await termsOf(system)]) {
        await expect(market().refund(terms)).to.be.revertedWithCustomError(market(), 'JobMarket_State');
      }
    });
  });

  it('names the requester as injured, and only for its own batch', async () => {
    const terms = await submitted(system);
    const batchId = await batchIdOf(system, terms);
    expect(await market().injured(batchId, encodeTerms(terms))).to.equal(system.requester.address);
    await expect(market().injured(batchId, encodeTerms(await termsOf(system))))
      .to.be.revertedWithCustomError(market(), 'JobMarket_Terms')
      .withArgs(batchId);
  });
});
