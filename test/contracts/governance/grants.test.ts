import { expect } from 'chai';
import { connection, MIEL } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;
const DAY = 86_400;
const POT = 1_000_000n * MIEL;
const GRANT = 20_000n * MIEL;

async function deploy() {
  const [deployer, timelock, grantee, other, client, slasher] = await ethers.getSigners();
  const nonce = await deployer.getNonce();
  const at = (n: number) => ethers.getCreateAddress({ from: deployer.address, nonce: nonce + n });
  const miel = await ethers.deployContract('MielToken', [
    [at(3), other.address],
    [POT, 1_000n * MIEL],
  ]);
  const fees = await ethers.deployContract('PoolFees');
  const stake = await ethers.deployContract('StakeManager', [miel, 14 * DAY, fees, at(3)]);
  const grants = await ethers.deployContract('BootstrapGrants', [miel, stake, timelock, POT]);
  const by = grants.connect(timelock);
  return { miel, stake, grants, by, timelock, grantee, other, client, slasher };
}

describe('BootstrapGrants', () => {
  let s: Awaited<ReturnType<typeof deploy>>;
  const fails = (sent: Promise<unknown>, error: string) => expect(sent).to.be.revertedWithCustomError(s.grants, error);
  const taken = async () => {
    await s.by.offer(s.grantee, GRANT);
    await s.grants.connect(s.grantee).take();
  };

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deploy);
  });

  it('are offered by the timelock, once to each, in bounded amounts', async () => {
    await fails(s.grants.connect(s.other).offer(s.grantee, GRANT), 'BootstrapGrants_Caller');
    await fails(s.by.offer(s.grantee, 50_000n * MIEL + 1n), 'BootstrapGrants_Amount');
    await fails(s.by.offer(s.grantee, 0), 'BootstrapGrants_Amount');
    await expect(s.by.offer(s.grantee, GRANT)).to.emit(s.grants, 'Offered');
    await fails(s.by.offer(s.grantee, GRANT), 'BootstrapGrants_Had');
    expect(await s.grants.available()).to.equal(POT - GRANT);
    const people = Array.from({ length: 20 }, () => ethers.Wallet.createRandom().address);
    for (const who of people.slice(0, 19)) await s.by.offer(who, 50_000n * MIEL);
    await fails(s.by.offer(people[19], 50_000n * MIEL), 'BootstrapGrants_Insufficient');
  });

  it('become stake of the grantee, which it can provision and votes with, and nothing else', async () => {
    await s.by.offer(s.grantee, GRANT);
    await fails(s.grants.connect(s.other).take(), 'BootstrapGrants_NoOffer');
    expect(await s.miel.getVotes(s.grants)).to.equal(0n);
    await expect(s.grants.connect(s.grantee).take()).to.emit(s.grants, 'Taken').withArgs(s.grantee, GRANT);
    expect(await s.miel.balanceOf(s.grantee)).to.equal(0n);
    expect((await s.stake.account(s.grantee)).free).to.equal(GRANT);
    await s.stake.connect(s.grantee).provision(s.client, s.slasher, GRANT);
    await networkHelpers.mine();
    expect(await s.stake.getVotes(s.grantee)).to.equal(GRANT);
    await fails(s.grants.connect(s.grantee).take(), 'BootstrapGrants_NoOffer');
  });

  it('unlock evenly over two years: what is bound can not be unbonded, what the grantee adds itself can', async () => {
    await taken();
    const by = s.stake.connect(s.grantee);
    await expect(by.unbond(GRANT)).to.be.revertedWithCustomError(s.stake, 'StakeManager_Bound');
    await s.miel.connect(s.other).transfer(s.grantee, 100n * MIEL);
    await s.miel.connect(s.grantee).approve(s.stake, 100n * MIEL);
    await by.stake(100n * MIEL);
    await by.unbond(100n * MIEL);
    await expect(by.unbond(MIEL)).to.be.revertedWithCustomError(s.stake, 'StakeManager_Bound');
    await networkHelpers.time.increase(365 * DAY);
    expect(await s.grants.bound(s.grantee)).to.be.closeTo(GRANT / 2n, MIEL);
    await by.unbond(GRANT / 2n);
    await networkHelpers.time.increase(365 * DAY);
    expect(await s.grants.bound(s.grantee)).to.equal(0n);
    await by.unbond(GRANT / 2n);
  });

  it('are slashed like any stake, for good: nothing is granted again, and own stake stays in their place', async () => {
    await taken();
    const by = s.stake.connect(s.grantee);
    await by.provision(s.client, s.slasher, GRANT);
    const units = GRANT / 10n ** 15n;
    await s.stake.connect(s.client).lock(s.grantee, s.slasher, units, 0, 0);
    await s.stake.connect(s.slasher).slash(s.grantee, s.client, units, units, s.other, 0, s.other, 0);
    expect(await s.stake.getVotes(s.grantee)).to.equal(0n);
    await fails(s.by.offer(s.grantee, GRANT), 'BootstrapGrants_Had');
    await s.miel.connect(s.other).transfer(s.grantee, 100n * MIEL);
    await s.miel.connect(s.grantee).approve(s.stake, 100n * MIEL);
    await by.stake(100n * MIEL);
    await expect(by.unbond(100n * MIEL)).to.be.revertedWithCustomError(s.stake, 'StakeManager_Bound');
  });

  it('return to the treasury when nobody took them, and so does what was never offered', async () => {
    await s.by.offer(s.grantee, GRANT);
    await fails(s.grants.lapse(s.grantee), 'BootstrapGrants_TooSoon');
    await fails(s.grants.lapse(s.other), 'BootstrapGrants_NoOffer');
    await networkHelpers.time.increase(90 * DAY + 1);
    await fails(s.grants.connect(s.grantee).take(), 'BootstrapGrants_NoOffer');
    await expect(s.grants.lapse(s.grantee)).to.emit(s.grants, 'Returned').withArgs(s.grantee, GRANT);
    await fails(s.grants.lapse(s.grantee), 'BootstrapGrants_NoOffer');
    await fails(s.grants.close(), 'BootstrapGrants_TooSoon');
    await networkHelpers.time.increase(1_461 * DAY);
    await s.grants.close();
    expect(await s.miel.balanceOf(s.timelock)).to.equal(POT);
    await fails(s.grants.close(), 'BootstrapGrants_Insufficient');
  });

  it('let only the grants add to another’s stake', async () => {
    await expect(s.stake.connect(s.other).stakeFor(s.grantee, 1n))
      .to.be.revertedWithCustomError(s.stake, 'StakeManager_Grants')
      .withArgs(s.other, s.grants);
  });
});
