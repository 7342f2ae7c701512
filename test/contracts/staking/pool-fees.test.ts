import { expect } from 'chai';
import { connection, MIEL } from '../market/fixture.ts';
import { deployPool, now, type Pool, passThaw, THAW } from './fixture.ts';

const { ethers, networkHelpers } = connection;

describe('PoolFees', () => {
  let s: Pool;
  const delegate = (who: typeof s.other, amount: bigint) => s.stake.connect(who).delegateTo(1n, amount * MIEL);
  const pay = (amount: bigint) => s.token.mint(s.fees, amount);
  const owed = async (who: { address: string }) => s.fees.claimable(s.token, who.address);
  const fails = async (sent: Promise<unknown>, error: string, ...args: unknown[]) =>
    expect(sent)
      .to.be.revertedWithCustomError(s.fees, error)
      .withArgs(...args);

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deployPool);
  });

  it('divides what comes in between the operator’s cut and the shares', async () => {
    await delegate(s.delegator, 100n);
    await delegate(s.other, 300n);
    await pay(1_000_000n);
    expect([await owed(s.operator), await owed(s.delegator), await owed(s.other)]).to.deep.equal([
      100_000n,
      224_999n,
      674_999n,
    ]);
    await expect(s.fees.claim(s.token, s.delegator)).to.changeTokenBalance(ethers, s.token, s.delegator, 224_999n);
    await expect(s.fees.claim(s.token, s.operator)).to.changeTokenBalance(ethers, s.token, s.operator, 100_000n);
    await expect(s.fees.claim(s.token, s.other)).to.changeTokenBalance(ethers, s.token, s.other, 674_999n);
    await fails(s.fees.claim(s.token, s.other), 'PoolFees_Nothing', s.token, s.other);
    expect(await s.token.balanceOf(s.fees)).to.equal(2n);
  });

  it('gives all to the operator where nobody delegates', async () => {
    await pay(1_000n);
    expect(await owed(s.operator)).to.equal(1_000n);
    await expect(s.fees.claim(s.token, s.operator)).to.changeTokenBalance(ethers, s.token, s.operator, 1_000n);
  });

  it('gives nothing of what came before to who comes, nor of what comes after to who thaws', async () => {
    await delegate(s.delegator, 100n);
    await pay(1_000n);
    await delegate(s.other, 300n);
    expect([await owed(s.delegator), await owed(s.other)]).to.deep.equal([899n, 0n]);
    await s.stake.connect(s.delegator).undelegate(1n, 100n * MIEL);
    await pay(1_000n);
    expect([await owed(s.delegator), await owed(s.other)]).to.deep.equal([899n, 899n]);
    await passThaw();
    await s.stake.connect(s.delegator).withdrawDelegated(1n);
    await expect(s.fees.claim(s.token, s.delegator)).to.changeTokenBalance(ethers, s.token, s.delegator, 899n);
  });

  it('keeps what a division leaves for the next one, and never owes more than came in', async () => {
    await delegate(s.delegator, 100n);
    await delegate(s.other, 200n);
    for (let i = 0; i < 5; i++) {
      await pay(7n);
      await s.fees.divide(s.token);
      const sum = (await owed(s.operator)) + (await owed(s.delegator)) + (await owed(s.other));
      expect(sum <= 7n * BigInt(i + 1)).to.equal(true);
    }
    await pay(1_000_000n);
    await s.fees.divide(s.token);
    const sum = (await owed(s.operator)) + (await owed(s.delegator)) + (await owed(s.other));
    expect(1_000_035n - sum <= 3n).to.equal(true);
  });

  it('changes its cut one thaw after that was announced, and not before', async () => {
    await delegate(s.delegator, 100n);
    await fails(s.fees.connect(s.operator).announceCut(10_001), 'PoolFees_Cut', 10_001n);
    await fails(s.fees.announceCut(0), 'PoolFees_Caller', s.deployer, s.operator);
    await s.fees.connect(s.operator).announceCut(5_000);
    const from = (await now()) + BigInt(THAW);
    expect(await s.fees.terms()).to.deep.equal([1_000n, 5_000n, from]);
    await pay(1_000n);
    await s.fees.divide(s.token);
    expect(await owed(s.operator)).to.equal(100n);
    await networkHelpers.time.increaseTo(from);
    await pay(1_000n);
    expect(await owed(s.operator)).to.equal(600n);
    await s.fees.connect(s.operator).announceCut(0);
    expect((await s.fees.terms()).cut).to.equal(5_000n);
  });

  it('pays in four tokens, which its operator admits', async () => {
    const admit = (token: string) => s.fees.connect(s.operator).admit(token);
    await fails(s.fees.admit(s.miel), 'PoolFees_Caller', s.deployer, s.operator);
    await fails(admit(String(s.token.target)), 'PoolFees_Admitted', s.token, 1n);
    await fails(s.fees.claim(s.miel, s.operator), 'PoolFees_Token', s.miel);
    await fails(s.fees.divide(s.miel), 'PoolFees_Token', s.miel);
    await s.miel.transfer(s.fees, MIEL);
    await admit(String(s.miel.target));
    expect(await s.fees.claimable(s.miel, s.operator)).to.equal(MIEL);
    for (const token of [s.client.address, s.other.address]) await admit(token);
    await fails(admit(s.delegator.address), 'PoolFees_Admitted', s.delegator, 4n);
    expect((await s.fees.tokens()).length).to.equal(4);
  });

  it('lets only the staking contract say whose shares change', async () => {
    await fails(s.fees.settle(s.other, 1n, 1n), 'PoolFees_Caller', s.deployer, s.stake);
  });

  it('divides nothing twice when a token calls back before it has moved', async () => {
    const calls = await ethers.deployContract('BalanceLies__Mock');
    await s.fees.connect(s.operator).admit(calls);
    await calls.answer(1_000n);
    await s.fees.claim(calls, s.operator);
    expect(await s.fees.claimable(calls, s.operator)).to.equal(0n);
    await fails(s.fees.claim(calls, s.operator), 'PoolFees_Nothing', calls, s.operator);
  });

  it('holds nobody in the pool when a token is broken or lies about its balance', async () => {
    await delegate(s.delegator, 100n);
    const lies = await ethers.deployContract('BalanceLies__Mock');
    await s.fees.connect(s.operator).admit(lies);
    for (const answer of [ethers.MaxUint256, 0n, 7n, ...Array(6).fill(2n ** 112n - 1n)]) {
      await lies.answer(answer);
      await delegate(s.other, 1n);
      await s.stake.connect(s.other).undelegate(1n, MIEL);
      if ((await s.fees.claimable(lies, s.operator)) > 0n) await s.fees.claim(lies, s.operator);
    }
    expect((await s.fees.claimable(lies, s.delegator)) > 2n ** 111n).to.equal(true);
    await lies.waste();
    await pay(1_000n);
    await s.stake.connect(s.delegator).undelegate(1n, 100n * MIEL);
    await passThaw();
    await s.stake.connect(s.delegator).withdrawDelegated(1n);
    await expect(s.fees.claim(s.token, s.delegator)).to.changeTokenBalance(ethers, s.token, s.delegator, 899n);
  });
});
