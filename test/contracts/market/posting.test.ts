import { expect } from 'chai';
import {
  accepted,
  connection,
  jobIdOf,
  type Market,
  MIEL,
  marketFixture,
  PRICE,
  posted,
  State,
  termsOf,
} from './fixture.ts';

const { ethers, networkHelpers } = connection;
const _TRACE = ethers.id('trace');
const _RECEIPT = ethers.id('receipt');

/** milli-MIEL that a first job of these terms locks. */
const LOCK = 1_000_000n;

describe('JobMarket until a job is held', () => {
  let system: Market;
  const market = () => system.market;
  const stateOf = async (terms: Parameters<typeof jobIdOf>[0]) => (await market().job(jobIdOf(terms))).state;
  const provision = async () => system.stake.provisionOf(system.provider, system.market, system.penalties);

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(marketFixture);
  });

  describe('post', () => {
    it('takes fee and royalty of every input into escrow and shows the whole terms', async () => {
      const terms = await termsOf(system, { count: 3n });
      const escrow = 3n * 51n * PRICE;
      const sent = market().connect(system.requester).post(terms);
      await expect(sent).to.changeTokenBalances(
        ethers,
        system.token,
        [system.requester, system.market],
        [-escrow, escrow],
      );
      await expect(sent)
        .to.emit(market(), 'Posted')
        .withArgs(jobIdOf(terms), ...Object.values(terms));
      expect(await stateOf(terms)).to.equal(State.Posted);
      expect(await market().jobIdOf(terms)).to.equal(jobIdOf(terms));
    });

    it('is for the requester named in the terms', async () => {
      const terms = await termsOf(system);
      await expect(market().connect(system.other).post(terms))
        .to.be.revertedWithCustomError(market(), 'JobMarket_Caller')
        .withArgs(system.other.address, system.requester.address);
    });

    it('refuses a job without inputs, a past deadline and an escrow beyond its slot', async () => {
      const post = async (changes: Parameters<typeof termsOf>[1]) =>
        market()
          .connect(system.requester)
          .post(await termsOf(system, changes));
      await expect(post({ count: 0n })).to.be.revertedWithCustomError(market(), 'JobMarket_Empty');
      await expect(post({ deadline: 1n })).to.be.revertedWithCustomError(market(), 'JobMarket_Deadline');
      await expect(post({ fee: 2n ** 128n - 1n })).to.be.revertedWithCustomError(market(), 'JobMarket_TooMuch');
    });

    it('refuses the same terms twice, whatever became of the first', async () => {
      const terms = await posted(system);
      const again = () => market().connect(system.requester).post(terms);
      await expect(again())
        .to.be.revertedWithCustomError(market(), 'JobMarket_State')
        .withArgs(jobIdOf(terms), State.Posted);
      await market().connect(system.requester).cancel(terms);
      await expect(again())
        .to.be.revertedWithCustomError(market(), 'JobMarket_State')
        .withArgs(jobIdOf(terms), State.Cancelled);
    });

    it("refuses a royalty below the model's price, another token, and a program that is not the model's", async () => {
      const post = async (changes: Parameters<typeof termsOf>[1]) =>
        market()
          .connect(system.requester)
          .post(await termsOf(system, changes));
      await expect(post({ royalty: PRICE - 1n }))
        .to.be.revertedWithCustomError(market(), 'JobMarket_Royalty')
        .withArgs(await system.token.getAddress(), PRICE);
      const miel = await system.miel.getAddress();
      await expect(post({ token: miel })).to.be.revertedWithCustomError(market(), 'JobMarket_Royalty');
      await expect(post({ programId: ethers.id('another') })).to.be.revertedWithCustomError(
        system.models,
        'ModelRegistry_NoProgram',
      );
    });

    it('refuses a barred program', async () => {
      const header = new Uint8Array(156);
      await system.malformed.proveMalformed(ethers.concat(['0x00', header]));
      const programId = ethers.keccak256(ethers.concat([ethers.id('essaim/program/1'), header]));
      await system.models.connect(system.modelOwner).addProgram(system.model, programId, ethers.id('m'));
      const reason = await system.malformed.barred(programId);
      await expect(
        market()
          .connect(system.requester)
          .post(await termsOf(system, { programId })),
      )
        .to.be.revertedWithCustomError(market(), 'JobMarket_Barred')
        .withArgs(programId, reason);
    });

    it('refuses words that overflow their types, so a job has one encoding', async () => {
      const terms = await termsOf(system);
      const data = market().interface.encodeFunctionData('post', [terms]);
      const dirty = `${data.slice(0, 10 + 64 * 5)}01${data.slice(10 + 64 * 5 + 2)}`;
      await expect(system.requester.sendTransaction({ to: system.market, data: dirty })).to.revert(ethers);
    });
  });

  describe('cancel', () => {
    it('gives all back while nobody has accepted', async () => {
      const terms = await posted(system);
      await expect(market().connect(system.requester).cancel(terms)).to.changeTokenBalance(
        ethers,
        system.token,
        system.requester,
        51n * PRICE,
      );
      expect(await stateOf(terms)).to.equal(State.Cancelled);
    });

    it('is for the requester, before acceptance', async () => {
      const terms = await accepted(system);
      await expect(market().connect(system.other).cancel(terms)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_Caller',
      );
      await expect(market().connect(system.requester).cancel(terms)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_State',
      );
    });
  });

  describe('accept', () => {
    it('H15: locks the collateral asked, rounded up, and more for each job held', async () => {
      for (const [held, lock] of [LOCK, LOCK + 10_000n, LOCK + 20_000n].entries()) {
        const terms = await posted(system, { collateral: 1_000n * MIEL - 1n });
        await expect(market().connect(system.provider).accept(terms))
          .to.emit(market(), 'Accepted')
          .withArgs(jobIdOf(terms), system.provider.address, lock);
        expect((await provision()).held).to.equal(BigInt(held + 1));
      }
      expect((await provision()).locked).to.equal(3n * LOCK + 30_000n);
    });

    it('locks the floor where less is asked', async () => {
      const terms = await posted(system, { collateral: 0n });
      await market().connect(system.provider).accept(terms);
      expect((await market().job(jobIdOf(terms))).lock).to.equal(100_000n);
    });

    it('is for the provider named in the terms', async () => {
      const terms = await posted(system, { provider: system.provider.address });
      await expect(market().connect(system.other).accept(terms))
        .to.be.revertedWithCustomError(market(), 'JobMarket_Caller')
        .withArgs(system.other.address, system.provider.address);
      await market().connect(system.provider).accept(terms);
    });

    it('is once, of a posted job, before its deadline', async () => {
      const terms = await accepted(system);
      await expect(market().connect(system.provider).accept(terms)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_State',
      );
      const late = await posted(system);
      await networkHelpers.time.increaseTo(late.deadline + 1n);
      await expect(market().connect(system.provider).accept(late)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_Deadline',
      );
    });
  });

  describe('exit', () => {
    it('is free in the first minutes and opens the job again', async () => {
      const terms = await accepted(system);
      await market().connect(system.provider).exit(terms);
      expect(await stateOf(terms)).to.equal(State.Posted);
      expect((await provision()).locked).to.equal(0n);
      const { provider, time } = await system.market.job(jobIdOf(terms));
      expect([provider, time]).to.deep.equal([system.provider.address, BigInt(await networkHelpers.time.latest())]);
    });

    it('is over after the free exit, and only for the provider', async () => {
      const terms = await accepted(system);
      await expect(market().connect(system.other).exit(terms)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_Caller',
      );
      await networkHelpers.time.increase(601);
      await expect(market().connect(system.provider).exit(terms)).to.be.revertedWithCustomError(
        market(),
        'JobMarket_ExitOver',
      );
    });

    it('is free at any time from a program that was barred', async () => {
      const header = new Uint8Array(156);
      const programId = ethers.keccak256(ethers.concat([ethers.id('essaim/program/1'), header]));
      await system.models.connect(system.modelOwner).addProgram(system.model, programId, ethers.id('m'));
      const terms = await accepted(system, { programId });
      await networkHelpers.time.increase(3_600);
      await system.malformed.proveMalformed(ethers.concat(['0x00', header]));
      await market().connect(system.provider).exit(terms);
      expect(await stateOf(terms)).to.equal(State.Posted);
    });
  });
});
