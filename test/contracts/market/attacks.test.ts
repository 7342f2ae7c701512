import { expect } from 'chai';
import type { BaseContract } from 'ethers';
import {
  accepted,
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
  rejected,
  staked,
  submitted,
  termsOf,
} from './fixture.ts';

const { ethers, networkHelpers } = connection;

describe('Attacks on the market', () => {
  let system: Market;

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(marketFixture);
  });

  describe('C5: convicting oneself never pays', () => {
    /** What the provider has in MIEL when all it can withdraw is withdrawn, after convicting its own result. */
    async function lossOf(injured: 'itself' | 'another', challenger: 'itself' | 'another') {
      const { provider, miel, stake, market, claims, penalties } = system;
      const own = injured === 'itself';
      if (own) {
        await system.token.mint(provider, 10n ** 24n);
        await system.token.connect(provider).approve(market, ethers.MaxUint256);
      }
      const requester = own ? provider : system.requester;
      const terms = await termsOf(system, { requester: requester.address });
      await market.connect(requester).post(terms);
      await market.connect(provider).accept(terms);
      await market.connect(provider).submit(terms, ethers.id('t'), ethers.id('r'));
      const batchId = await batchIdOf(system, terms);
      await claims.connect(system.referee).reject(batchId, 0, challenger === 'itself' ? provider : system.other);
      await penalties.collect(batchId, encodeTerms(terms));
      const credit = await stake.credit(provider);
      if (credit > 0n) await stake.connect(provider).withdrawCredit();
      const left = (await stake.provisionOf(provider, market, penalties)).tokens * 10n ** 15n;
      return 100_000n * MIEL - left - (await miel.balanceOf(provider));
    }

    it('costs the whole lock where challenger, injured or both are the executor itself', async () => {
      expect(await lossOf('itself', 'itself')).to.equal(1_000n * MIEL);
      expect(await system.stake.toBurn()).to.equal(1_000n * MIEL);
    });

    it('costs the executor the whole lock when another is challenger or injured', async () => {
      expect(await lossOf('another', 'itself')).to.equal(1_000n * MIEL);
    });

    it('costs at least half even with accomplices in every other role: half or more is burned', async () => {
      const terms = await submitted(system);
      const batchId = await rejected(system, terms);
      await system.penalties.collect(batchId, encodeTerms(terms));
      const gained = (await system.stake.credit(system.challenger)) + (await system.stake.credit(system.requester));
      expect(gained <= 500n * MIEL).to.equal(true);
      expect(await system.stake.toBurn()).to.equal(1_000n * MIEL - gained);
    });
  });

  it('a provider with too little stake takes no job', async () => {
    await staked(system, system.other, 999n * MIEL);
    const terms = await posted(system, { collateral: 0n });
    await expect(system.market.connect(system.other).accept(terms))
      .to.be.revertedWithCustomError(system.stake, 'StakeManager_BelowMinimum')
      .withArgs(999_000n, 1_000_000n);
    await staked(system, system.other, 1n * MIEL);
    await system.market.connect(system.other).accept(terms);
    const dear = await posted(system, { collateral: 2_000n * MIEL });
    await expect(system.market.connect(system.other).accept(dear))
      .to.be.revertedWithCustomError(system.stake, 'StakeManager_Insufficient')
      .withArgs(900_000n, 2_010_000n);
  });

  it('H11: a provision with another slasher than Penalties backs no job', async () => {
    const { other, stake, market, miel } = system;
    await miel.transfer(other, 10_000n * MIEL);
    await miel.connect(other).approve(stake, ethers.MaxUint256);
    await stake.connect(other).stake(10_000n * MIEL);
    await stake.connect(other).provision(market, other, 10_000n * MIEL);
    await expect(market.connect(other).accept(await posted(system))).to.be.revertedWithCustomError(
      stake,
      'StakeManager_BelowMinimum',
    );
  });

  it('H11: a client that an executor never chose reaches none of its stake', async () => {
    const { claims, provider, other, penalties, stake } = system;
    await claims.connect(other).submit(ethers.id('s'), ethers.id('r'), 1, provider, 1_000_000, 1);
    const batchId = ethers.solidityPackedKeccak256(['address', 'bytes32'], [other.address, ethers.id('s')]);
    await claims.connect(other).reject(batchId, 0, other);
    await networkHelpers.time.increase(31 * 86_400);
    await expect(penalties.collect(batchId, '0x')).to.be.revertedWithCustomError(stake, 'StakeManager_Insufficient');
    await expect(stake.connect(other).release(provider, penalties, 1, 1)).to.be.revertedWithCustomError(
      stake,
      'StakeManager_Insufficient',
    );
    expect((await stake.provisionOf(provider, system.market, penalties)).tokens).to.equal(100_000_000n);
  });

  it('M7: accepting to stall costs more with every job held, and the requester may name its provider', async () => {
    const jobs = [];
    for (let i = 0; i < 5; i++) jobs.push(await accepted(system, { collateral: 0n }));
    const locks = await Promise.all(jobs.map(async (terms) => (await system.market.job(jobIdOf(terms))).lock));
    expect(locks).to.deep.equal([100_000n, 110_000n, 120_000n, 130_000n, 140_000n]);
    await networkHelpers.time.increaseTo(jobs[4].deadline + 1n);
    for (const terms of jobs) await system.market.refund(terms);
    expect(await system.stake.toBurn()).to.equal(60n * MIEL);
    const reserved = await posted(system, { provider: system.provider.address });
    await expect(system.market.connect(system.other).accept(reserved)).to.be.revertedWithCustomError(
      system.market,
      'JobMarket_Caller',
    );
  });

  it('M7: free exits do not stall a job for ever: who gave it back takes it no more, nor anybody at once', async () => {
    const { market, provider, other } = system;
    await staked(system, other, 10_000n * MIEL);
    const terms = await posted(system);
    await market.connect(provider).accept(terms);
    await market.connect(provider).exit(terms);
    await expect(market.connect(provider).accept(terms))
      .to.be.revertedWithCustomError(market, 'JobMarket_GivenBack')
      .withArgs(jobIdOf(terms));
    await market.connect(other).accept(terms);
    await networkHelpers.mine();
    const atOnce = { gasLimit: 1_000_000n };
    await ethers.provider.send('evm_setAutomine', [false]);
    try {
      await market.connect(other).exit(terms, atOnce);
      const taken = await market.connect(provider).accept(terms, atOnce);
      await networkHelpers.mine();
      expect((await ethers.provider.getTransactionReceipt(taken.hash))?.status).to.equal(0);
    } finally {
      await ethers.provider.send('evm_setAutomine', [true]);
    }
    await market.connect(provider).accept(terms);
    expect((await market.job(jobIdOf(terms))).provider).to.equal(provider.address);
  });

  it('a result after the deadline is refused', async () => {
    const terms = await accepted(system);
    await networkHelpers.time.increaseTo(terms.deadline);
    const { market, provider } = system;
    await expect(market.connect(provider).submit(terms, ethers.id('t'), ethers.id('r'))).to.be.revertedWithCustomError(
      market,
      'JobMarket_Deadline',
    );
    const many = await accepted(system, { count: 2n });
    await networkHelpers.time.increaseTo(many.deadline);
    await expect(
      market.connect(provider).submitBatch(many, ethers.id('b'), ethers.id('r')),
    ).to.be.revertedWithCustomError(market, 'JobMarket_Deadline');
  });

  it('a claim replayed on another job has another root, for the claim is built from the job', async () => {
    const [a, b] = [await submitted(system), await submitted(system)];
    const root = async (terms: typeof a) => (await system.claims.batch(await batchIdOf(system, terms))).root;
    expect(await root(a)).to.not.equal(await root(b));
    const { claims, other, market } = system;
    await claims.connect(other).submit(jobIdOf(a), await root(a), 1, other, 0, 1);
    const copy = ethers.solidityPackedKeccak256(['address', 'bytes32'], [other.address, jobIdOf(a)]);
    expect(copy).to.not.equal(await batchIdOf(system, a));
    expect((await claims.batch(await batchIdOf(system, a))).client).to.equal(await market.getAddress());
  });

  it('new jobs can be held back, and nothing else: what is posted goes its way to the end', async () => {
    const { market, parameters, guardian, requester, provider } = system;
    const [waiting, held, open] = [await posted(system), await accepted(system), await submitted(system)];
    await parameters.connect(guardian).pause(3 * 86_400);
    const terms = await termsOf(system);
    await expect(market.connect(requester).post(terms)).to.be.revertedWithCustomError(market, 'JobMarket_Paused');
    await market.connect(provider).accept(waiting);
    await market.connect(provider).submit(held, ethers.id('trace'), ethers.id('receipt'));
    await passWindow();
    await market.withdraw(open);
    expect(await parameters.newJobsAllowed()).to.equal(false);
  });

  it('M2: what began under one epoch is settled by its rules, whatever the next one says', async () => {
    const { market, claims, provider, penalties, stake } = system;
    const [open, late, convicted, exited] = [
      await submitted(system),
      await accepted(system),
      await submitted(system),
      await accepted(system),
    ];
    const changes = {
      ...{ 'jobRules.freeExit': 1_200, 'jobRules.lateness': 2_000, 'jobRules.inputFault': 2_000 },
      ...{ 'feeRules.protocolFee': 400, 'feeRules.verificationFee': 600 },
      ...{ 'claimRules.windowSeconds': 43_200, 'claimRules.windowBlocks': 1_800 },
      ...{ 'slashRules.slash': 5_000, 'slashRules.bounty': 1_250, 'slashRules.compensation': 1_000 },
    };
    const keys = Object.keys(changes).map((name) => ethers.encodeBytes32String(name));
    await system.parameters.connect(system.treasury).change(keys, Object.values(changes));
    await networkHelpers.time.increase(900);
    await expect(market.connect(provider).exit(exited)).to.be.revertedWithCustomError(market, 'JobMarket_ExitOver');
    await networkHelpers.mine(1_900, { interval: 25 });
    expect(await claims.state(await batchIdOf(system, open))).to.equal(1n);
    await penalties.collect(await rejected(system, convicted), encodeTerms(convicted));
    expect(await stake.credit(system.challenger)).to.equal((1_020n * MIEL) / 4n);
    const burned = await stake.toBurn();
    await networkHelpers.time.increaseTo(late.deadline + 1n);
    const { lock } = await market.job(jobIdOf(late));
    await market.refund(late);
    expect((await stake.toBurn()) - burned).to.equal((lock * MIEL) / 1000n / 10n);
    await passWindow();
    await market.withdraw(open);
    expect(await system.token.balanceOf(provider)).to.equal((50n * PRICE * 95n) / 100n);
    const next = await submitted(system, { provider: provider.address });
    expect((await claims.batch(await batchIdOf(system, next))).epoch).to.equal(2);
  });

  describe('M8: tokens', () => {
    /** Posts a job paid in this token by the deployer, who holds all of it. */
    async function post(token: BaseContract & { approve?: unknown }) {
      const { models, modelOwner, market, deployer } = system;
      await models.connect(modelOwner).setPrice(system.model, token, PRICE);
      const terms = await termsOf(system, { requester: deployer.address, token: await token.getAddress() });
      return { terms, sent: () => market.connect(deployer).post(terms) };
    }

    async function deployed(name: string) {
      const token = await ethers.deployContract(name);
      if (name !== 'SilentToken__Mock') await token.approve(system.market, ethers.MaxUint256);
      return token;
    }

    async function toSubmitted(terms: Awaited<ReturnType<typeof termsOf>>) {
      const market = system.market.connect(system.provider);
      await market.accept(terms);
      await market.submit(terms, ethers.id('t'), ethers.id('r'));
      await passWindow();
    }

    it('a token that returns false pays nothing in, and no job is thought paid', async () => {
      const token = await deployed('FalseToken__Mock');
      const { terms, sent } = await post(token);
      await token.setLies(true);
      await expect(sent()).to.be.revertedWithCustomError(system.market, 'SafeERC20FailedOperation');
      await token.setLies(false);
      await sent();
      await toSubmitted(terms);
      await token.setLies(true);
      await system.market.withdraw(terms);
      const amount = (50n * PRICE * 95n) / 100n;
      expect(await token.balanceOf(system.provider)).to.equal(0n);
      expect(await system.market.owed(token, system.provider)).to.equal(amount);
      await expect(system.market.collect(token, system.provider)).to.be.revertedWithCustomError(
        system.market,
        'SafeERC20FailedOperation',
      );
      await token.setLies(false);
      await system.market.collect(token, system.provider);
      expect(await token.balanceOf(system.provider)).to.equal(amount);
      expect(await system.market.owed(token, system.provider)).to.equal(0n);
    });

    it('a token that pays nobody out holds no collateral: what it does not pay stays owed, the lock ends', async () => {
      const locked = async () =>
        (await system.stake.provisionOf(system.provider, system.market, system.penalties)).locked;
      const token = await deployed('FalseToken__Mock');
      const jobs = [await post(token), await post(token)];
      for (const { sent } of jobs) await sent();
      const [done, late] = jobs.map(({ terms }) => terms);
      await system.market.connect(system.provider).accept(late);
      await toSubmitted(done);
      await token.setLies(true);
      await system.market.withdraw(done);
      await system.market.refund(late);
      expect(await locked()).to.equal(0n);
      expect(await system.market.owed(token, system.deployer)).to.equal(51n * PRICE);
    });

    it('a token that takes a fee is refused', async () => {
      const { sent } = await post(await deployed('FeeToken__Mock'));
      await expect(sent())
        .to.be.revertedWithCustomError(system.market, 'JobMarket_TokenAmount')
        .withArgs(51n * PRICE, (51n * PRICE * 99n) / 100n);
    });

    it('a token that returns nothing works', async () => {
      const token = await deployed('SilentToken__Mock');
      const { terms, sent } = await post(token);
      await sent();
      await toSubmitted(terms);
      await system.market.withdraw(terms);
      expect(await token.balanceOf(system.provider)).to.equal((50n * PRICE * 95n) / 100n);
    });

    it('a token that calls back in the middle of a transfer gets nothing twice', async () => {
      const token = await deployed('ReentrantToken__Mock');
      const { terms, sent } = await post(token);
      const { market } = system;
      const encode = market.interface;
      const calls = [
        ['withdraw', encode.encodeFunctionData('withdraw', [terms])],
        ['refund', encode.encodeFunctionData('refund', [terms])],
        ['post', encode.encodeFunctionData('post', [terms])],
        ['collect', encode.encodeFunctionData('collect', [await token.getAddress(), system.treasury.address])],
        ['collectRoyalty', encode.encodeFunctionData('collectRoyalty', [await token.getAddress(), system.model])],
      ];
      await sent();
      await toSubmitted(terms);
      const before = await networkHelpers.takeSnapshot();
      for (const [name, data] of calls) {
        await token.aim(market, data);
        await market.withdraw(terms);
        expect([await token.tried(), await token.succeeded()], name).to.deep.equal([true, false]);
        expect(await token.answer()).to.equal(ethers.id('ReentrancyGuardReentrantCall()').slice(0, 10));
        expect(await token.balanceOf(system.provider)).to.equal((50n * PRICE * 95n) / 100n);
        await before.restore();
      }
    });

    it('a bad token endangers no job in another', async () => {
      const good = await submitted(system);
      const bad = await deployed('FalseToken__Mock');
      const { terms, sent } = await post(bad);
      await sent();
      await toSubmitted(terms);
      await bad.setLies(true);
      await system.market.withdraw(terms);
      await system.market.withdraw(good);
      expect(await system.token.balanceOf(system.provider)).to.equal((50n * PRICE * 95n) / 100n);
    });
  });
});
