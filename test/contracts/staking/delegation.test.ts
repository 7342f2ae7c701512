import { expect } from 'chai';
import { connection, MIEL, MILLI } from '../market/fixture.ts';
import { deployPool, now, type Pool, passThaw, slash } from './fixture.ts';

const { ethers, networkHelpers } = connection;

describe('Delegation', () => {
  let s: Pool;
  const by = () => s.stake.connect(s.delegator);
  const provision = async () => s.stake.provisionOf(s.operator, s.client, s.slasher);
  const fails = async (sent: Promise<unknown>, error: string, ...args: unknown[]) =>
    expect(sent)
      .to.be.revertedWithCustomError(s.stake, error)
      .withArgs(...args);

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deployPool);
  });

  it('backs a provision, and gives all back after the thaw', async () => {
    await by().delegateTo(1n, 300n * MIEL);
    expect((await provision()).delegated).to.equal(300_000n);
    await by().undelegate(1n, 300n * MIEL);
    expect((await provision()).delegated).to.equal(0n);
    const { until } = await s.stake.backing(1n, s.delegator);
    await fails(by().withdrawDelegated(1n), 'StakeManager_Thawing', until);
    await networkHelpers.time.increaseTo(until);
    await expect(by().withdrawDelegated(1n)).to.changeTokenBalance(ethers, s.miel, s.delegator, 300n * MIEL);
    expect(await s.stake.poolsOf(s.delegator)).to.deep.equal([]);
    await fails(by().withdrawDelegated(1n), 'StakeManager_Nothing');
  });

  it('goes in and out in parts, and begins the wait anew for what thaws', async () => {
    await by().delegateTo(1n, 100n * MIEL);
    await by().undelegate(1n, 40n * MIEL);
    await networkHelpers.time.increase(13 * 86_400);
    await by().undelegate(1n, 10n * MIEL);
    await networkHelpers.time.increase(86_400);
    await expect(by().withdrawDelegated(1n)).to.be.revertedWithCustomError(s.stake, 'StakeManager_Thawing');
    await passThaw();
    await expect(by().withdrawDelegated(1n)).to.changeTokenBalance(ethers, s.miel, s.delegator, 50n * MIEL);
    expect(await s.stake.poolsOf(s.delegator)).to.deep.equal([1n]);
    await fails(by().undelegate(1n, 50n * MIEL + 1n), 'Delegation_Shares', 50n * MIEL, 50n * MIEL + 1n);
    await fails(by().undelegate(1n, 0n), 'StakeManager_Nothing');
  });

  it('stays within four times the operator’s own, thawing stake not counted', async () => {
    await fails(by().delegateTo(1n, 401n * MIEL), 'Delegation_Limit', 400_000n, 401_000n);
    await by().delegateTo(1n, 400n * MIEL);
    await s.stake.connect(s.operator).thawProvision(s.client, s.slasher, 50n * MIEL);
    await fails(s.stake.connect(s.other).delegateTo(1n, MILLI), 'Delegation_Limit', 0n, 1n);
    const lock = (amount: bigint) => s.stake.connect(s.client).lock(s.operator, s.slasher, amount, 0n, 0n);
    await fails(lock(250_001n), 'StakeManager_Insufficient', 250_000n, 250_001n);
    await lock(250_000n);
  });

  it('takes whole milli-MIEL for pools that exist', async () => {
    await fails(by().delegateTo(1n, MILLI + 1n), 'StakeManager_Unit', MILLI + 1n);
    await fails(by().delegateTo(1n, 0n), 'StakeManager_Unit', 0n);
    await fails(by().delegateTo(2n, MILLI), 'Delegation_Unknown', 2n);
    await fails(by().undelegate(2n, MILLI), 'Delegation_Unknown', 2n);
    await fails(by().withdrawDelegated(2n), 'Delegation_Unknown', 2n);
  });

  it('opens one pool for a client, which then pays to it', async () => {
    const open = (client: typeof s.client, slasher: typeof s.slasher, cut: number) =>
      s.stake.connect(s.operator).openPool(client, slasher, cut);
    await fails(open(s.client, s.slasher, 0), 'Delegation_Exists', 1n);
    await fails(open(s.client, s.other, 0), 'Delegation_Exists', 0n);
    await fails(open(s.other, s.slasher, 10_001), 'Delegation_Cut', 10_001n);
    expect(await s.stake.payee(s.operator, s.other)).to.equal(s.operator.address);
    await open(s.other, s.slasher, 10_000);
    expect(await s.stake.payee(s.operator, s.other)).to.equal((await s.stake.poolAt(2n)).fees);
    expect(await s.stake.poolOf(s.operator, s.other, s.slasher)).to.equal(2n);
    expect(await s.fees.operator()).to.equal(s.operator.address);
    expect(await s.fees.pool()).to.equal(1n);
  });

  it('lets an account back eight pools, and another one when it has left one', async () => {
    const clients = (await ethers.getSigners()).slice(6, 14);
    for (const client of clients) {
      await s.stake.connect(s.operator).provision(client, s.slasher, MIEL);
      await s.stake.connect(s.operator).openPool(client, s.slasher, 0);
    }
    for (let id = 1n; id <= 8n; id++) await by().delegateTo(id, MIEL);
    await fails(by().delegateTo(9n, MIEL), 'Delegation_TooMany', s.delegator);
    expect(await s.stake.getVotes(s.delegator)).to.equal(8n * MIEL);
    await by().undelegate(4n, MIEL);
    await passThaw();
    await by().withdrawDelegated(4n);
    await by().delegateTo(9n, 2n * MIEL);
    expect(await s.stake.poolsOf(s.delegator)).to.deep.equal([9n, 8n, 7n, 6n, 5n, 3n, 2n, 1n]);
    expect(await s.stake.getVotes(s.delegator)).to.equal(9n * MIEL);
    expect(await s.stake.getPastVotes(s.delegator, (await now()) - 14n * 86_400n)).to.equal(8n * MIEL);
  });

  describe('slashed', () => {
    it('loses after the operator’s own, and all that it loses is burned', async () => {
      await by().delegateTo(1n, 300n * MIEL);
      await slash(s, 250_000n);
      expect((await provision()).tokens).to.equal(0n);
      expect((await provision()).delegated).to.equal(150_000n);
      expect(await s.stake.credit(s.other)).to.equal(50n * MIEL);
      expect(await s.stake.toBurn()).to.equal(200n * MIEL);
    });

    it('hurts who thaws and who came late alike', async () => {
      await by().delegateTo(1n, 100n * MIEL);
      await by().undelegate(1n, 100n * MIEL);
      await s.stake.connect(s.other).delegateTo(1n, 300n * MIEL);
      await slash(s, 300_000n);
      await passThaw();
      await expect(by().withdrawDelegated(1n)).to.changeTokenBalance(ethers, s.miel, s.delegator, 50n * MIEL);
      expect(await s.stake.getVotes(s.other)).to.equal(150n * MIEL);
    });

    it('is kept as long as locks taken before need it', async () => {
      await by().delegateTo(1n, 300n * MIEL);
      await s.stake.connect(s.client).lock(s.operator, s.slasher, 350_000n, 0n, 0n);
      await by().undelegate(1n, 300n * MIEL);
      await passThaw();
      await fails(by().withdrawDelegated(1n), 'Delegation_Locked', 350_000n, 100_000n);
      await s.stake.connect(s.client).release(s.operator, s.slasher, 350_000n, 0n);
      await by().withdrawDelegated(1n);
    });

    it('takes from what the operator thaws before it takes from others', async () => {
      await by().delegateTo(1n, 200n * MIEL);
      await s.stake.connect(s.operator).thawProvision(s.client, s.slasher, 40n * MIEL);
      await slash(s, 180_000n);
      const { tokens, thawing, delegated } = await provision();
      expect([tokens, thawing, delegated]).to.deep.equal([0n, 0n, 120_000n]);
      await passThaw();
      await fails(s.stake.connect(s.operator).deprovision(s.client, s.slasher), 'StakeManager_Nothing');
    });

    it('refuses more when nothing is left, and begins anew when all have gone', async () => {
      await by().delegateTo(1n, 400n * MIEL);
      await slash(s, 500_000n);
      await s.stake.connect(s.operator).provision(s.client, s.slasher, 50n * MIEL);
      await fails(by().delegateTo(1n, MIEL), 'Delegation_Ruined', 1n, 0n);
      await by().undelegate(1n, 400n * MIEL);
      await passThaw();
      await expect(by().withdrawDelegated(1n)).to.changeTokenBalance(ethers, s.miel, s.delegator, 0n);
      await by().delegateTo(1n, MIEL);
      expect(await s.stake.getVotes(s.delegator)).to.equal(MIEL);
    });

    it('rounds for the pool, and burns what rounding left when the last one goes', async () => {
      await by().delegateTo(1n, 300n * MIEL);
      await slash(s, 100_001n);
      const before = await s.stake.toBurn();
      await by().undelegate(1n, 100n * MIEL + 1n);
      await passThaw();
      await expect(by().withdrawDelegated(1n)).to.changeTokenBalance(ethers, s.miel, s.delegator, 99_999n * MILLI);
      await by().undelegate(1n, 200n * MIEL - 1n);
      await passThaw();
      await expect(by().withdrawDelegated(1n)).to.changeTokenBalance(ethers, s.miel, s.delegator, 199_999n * MILLI);
      expect(await s.stake.toBurn()).to.equal(before + MILLI);
    });
  });
});
