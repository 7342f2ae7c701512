import { expect } from 'chai';
import { connection, MIEL, MILLI } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;
const THAW = 14n * 86_400n;

async function deploy() {
  const [deployer, operator, client, slasher, challenger, injured, other] = await ethers.getSigners();
  const miel = await ethers.deployContract('MielToken', [[deployer.address], [1_000_000n * MIEL]]);
  const fees = await ethers.deployContract('PoolFees');
  const stake = await ethers.deployContract('StakeManager', [miel, THAW, fees, ethers.ZeroAddress]);
  await miel.transfer(operator, 1_000n * MIEL);
  await miel.connect(operator).approve(stake, ethers.MaxUint256);
  return { miel, stake, operator, client, slasher, challenger, injured, other };
}

async function deployProvisioned() {
  const s = await deploy();
  await s.stake.connect(s.operator).stake(1_000n * MIEL);
  await s.stake.connect(s.operator).provision(s.client, s.slasher, 600n * MIEL);
  return s;
}

describe('StakeManager', () => {
  let s: Awaited<ReturnType<typeof deploy>>;
  const own = () => s.stake.connect(s.operator);
  const byClient = () => s.stake.connect(s.client);
  const provision = async () => [...(await s.stake.provisionOf(s.operator, s.client, s.slasher))];
  const free = async () => (await s.stake.account(s.operator)).free;
  const fails = async (sent: Promise<unknown>, error: string, ...args: unknown[]) =>
    expect(sent)
      .to.be.revertedWithCustomError(s.stake, error)
      .withArgs(...args);

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deployProvisioned);
  });

  describe('free stake', () => {
    it('comes in and goes out after the thaw', async () => {
      await own().unbond(400n * MIEL);
      const { until } = await s.stake.account(s.operator);
      await fails(own().withdraw(), 'StakeManager_Thawing', until);
      await networkHelpers.time.increaseTo(until);
      await expect(own().withdraw()).to.changeTokenBalance(ethers, s.miel, s.operator, 400n * MIEL);
      await fails(own().withdraw(), 'StakeManager_Nothing');
    });

    it('begins its wait anew when more is unbonded', async () => {
      await own().unbond(100n * MIEL);
      await networkHelpers.time.increase(THAW - 10n);
      await own().unbond(1n);
      await networkHelpers.time.increase(20n);
      await expect(own().withdraw()).to.be.revertedWithCustomError(s.stake, 'StakeManager_Thawing');
    });

    it('is what was staked, and no more', async () => {
      await fails(own().unbond(400n * MIEL + 1n), 'StakeManager_Insufficient', 400n * MIEL, 400n * MIEL + 1n);
      await fails(own().unbond(0n), 'StakeManager_Nothing');
      await fails(own().stake(0n), 'StakeManager_Nothing');
      await expect(own().stake(1n)).to.be.revertedWithCustomError(s.miel, 'ERC20InsufficientBalance');
    });
  });

  describe('provisions', () => {
    it('are whole milli-MIEL of free stake', async () => {
      await fails(own().provision(s.client, s.slasher, MILLI - 1n), 'StakeManager_Unit', MILLI - 1n);
      await fails(own().provision(s.client, s.slasher, 0n), 'StakeManager_Unit', 0n);
      await fails(
        own().provision(s.client, s.slasher, 401n * MIEL),
        'StakeManager_Insufficient',
        400n * MIEL,
        401n * MIEL,
      );
      await own().provision(s.client, s.slasher, MILLI);
      expect((await provision())[0]).to.equal(600_001n);
    });

    it('go back to free stake after the thaw, but never what is locked', async () => {
      await byClient().lock(s.operator, s.slasher, 200_000n, 0n, 0n);
      await fails(
        own().thawProvision(s.client, s.slasher, 401n * MIEL),
        'StakeManager_Insufficient',
        400n * MIEL,
        401n * MIEL,
      );
      await own().thawProvision(s.client, s.slasher, 400n * MIEL);
      await expect(own().deprovision(s.client, s.slasher)).to.be.revertedWithCustomError(
        s.stake,
        'StakeManager_Thawing',
      );
      await networkHelpers.time.increase(THAW);
      await own().deprovision(s.client, s.slasher);
      expect(await free()).to.equal(800n * MIEL);
      expect((await provision()).slice(0, 3)).to.deep.equal([200_000n, 200_000n, 0n]);
      await fails(own().deprovision(s.client, s.slasher), 'StakeManager_Nothing');
    });

    it('back nothing new with what is thawing', async () => {
      await own().thawProvision(s.client, s.slasher, 500n * MIEL);
      await fails(
        byClient().lock(s.operator, s.slasher, 100_001n, 0n, 0n),
        'StakeManager_Insufficient',
        100_000n,
        100_001n,
      );
      await fails(
        byClient().lock(s.operator, s.slasher, 1n, 0n, 100_001n),
        'StakeManager_BelowMinimum',
        100_000n,
        100_001n,
      );
      await byClient().lock(s.operator, s.slasher, 100_000n, 0n, 100_000n);
    });

    it('are reached by their own client and slasher only', async () => {
      await byClient().lock(s.operator, s.slasher, 100n, 0n, 0n);
      const by = s.stake.connect(s.other);
      await fails(by.lock(s.operator, s.slasher, 1n, 0n, 0n), 'StakeManager_Insufficient', 0n, 1n);
      await fails(by.release(s.operator, s.slasher, 100n, 100n), 'StakeManager_Insufficient', 0n, 100n);
      await fails(
        by.slash(s.operator, s.client, 100n, 100n, s.other, 25n, s.other, 25n),
        'StakeManager_Insufficient',
        0n,
        100n,
      );
      await fails(byClient().lock(s.operator, s.other, 1n, 0n, 0n), 'StakeManager_Insufficient', 0n, 1n);
    });
  });

  describe('locks', () => {
    it('grow with the number held, and end one by one', async () => {
      for (const [held, locked] of [10n, 13n, 16n].entries()) {
        expect(await byClient().lock.staticCall(s.operator, s.slasher, 10n, 3n, 0n)).to.equal(locked);
        await byClient().lock(s.operator, s.slasher, 10n, 3n, 0n);
        expect((await provision())[4]).to.equal(BigInt(held + 1));
      }
      await byClient().release(s.operator, s.slasher, 13n, 0n);
      expect(await provision()).to.deep.equal([600_000n, 26n, 0n, 0n, 2n, 0n]);
    });

    it('are released with a part burned, at most the whole', async () => {
      await byClient().lock(s.operator, s.slasher, 100n, 0n, 0n);
      await fails(byClient().release(s.operator, s.slasher, 100n, 101n), 'StakeManager_AboveLock', 100n, 101n);
      await byClient().release(s.operator, s.slasher, 100n, 30n);
      expect((await provision())[0]).to.equal(599_970n);
      expect(await s.stake.toBurn()).to.equal(30n * MILLI);
      const supply = await s.miel.totalSupply();
      await s.stake.connect(s.other).burn();
      expect(await s.miel.totalSupply()).to.equal(supply - 30n * MILLI);
      await fails(s.stake.burn(), 'StakeManager_Nothing');
    });

    it('are released once', async () => {
      await byClient().lock(s.operator, s.slasher, 100n, 0n, 0n);
      await byClient().release(s.operator, s.slasher, 100n, 0n);
      await fails(byClient().release(s.operator, s.slasher, 0n, 0n), 'StakeManager_Insufficient', 0n, 0n);
    });
  });

  describe('slash', () => {
    const slash = (amount: bigint, bounty: bigint, compensation: bigint) =>
      s.stake
        .connect(s.slasher)
        .slash(s.operator, s.client, 1_000n, amount, s.challenger, bounty, s.injured, compensation);

    beforeEach(async () => {
      await byClient().lock(s.operator, s.slasher, 1_000n, 0n, 0n);
    });

    it('ends the lock, pays bounty and compensation as credits and leaves the rest to be burned', async () => {
      await slash(1_000n, 250n, 250n);
      expect(await provision()).to.deep.equal([599_000n, 0n, 0n, 0n, 0n, 0n]);
      expect(await s.stake.toBurn()).to.equal(500n * MILLI);
      await expect(s.stake.connect(s.challenger).withdrawCredit()).to.changeTokenBalance(
        ethers,
        s.miel,
        s.challenger,
        250n * MILLI,
      );
      await expect(s.stake.connect(s.injured).withdrawCredit()).to.changeTokenBalance(
        ethers,
        s.miel,
        s.injured,
        250n * MILLI,
      );
      await fails(s.stake.connect(s.injured).withdrawCredit(), 'StakeManager_Nothing');
    });

    it('gives back what it does not take', async () => {
      await slash(600n, 150n, 0n);
      expect(await provision()).to.deep.equal([599_400n, 0n, 0n, 0n, 0n, 0n]);
    });

    it('burns half or more, and gives a quarter at most to the challenger', async () => {
      await fails(slash(1_000n, 251n, 0n), 'StakeManager_Share', 1_000n, 251n, 0n);
      await fails(slash(1_000n, 250n, 251n), 'StakeManager_Share', 1_000n, 250n, 251n);
      await fails(slash(1_001n, 0n, 0n), 'StakeManager_AboveLock', 1_000n, 1_001n);
    });
  });
});
