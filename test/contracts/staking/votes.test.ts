import { expect } from 'chai';
import { connection, MIEL } from '../market/fixture.ts';
import { deployPool, now, type Pool, passThaw, slash } from './fixture.ts';

const { ethers, networkHelpers } = connection;

describe('Votes of stake', () => {
  let s: Pool;
  const past = async (who: { address: string }, at: bigint) => s.stake.getPastVotes(who.address, at);

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deployPool);
  });

  it('are the owner’s, whether free, unbonding or provisioned, until they are withdrawn', async () => {
    await s.stake.connect(s.operator).unbond(60n * MIEL);
    const before = await now();
    expect(await s.stake.getVotes(s.operator)).to.equal(200n * MIEL);
    await passThaw();
    await s.stake.connect(s.operator).withdraw();
    await networkHelpers.mine();
    expect(await s.stake.getVotes(s.operator)).to.equal(140n * MIEL);
    expect(await past(s.operator, (await now()) - 1n)).to.equal(140n * MIEL);
    expect(await past(s.operator, before)).to.equal(200n * MIEL);
    expect(await past(s.operator, 1n)).to.equal(0n);
  });

  it('are lent to another and taken back, own stake only', async () => {
    const own = s.stake.connect(s.operator);
    await s.stake.connect(s.delegator).delegateTo(1n, 100n * MIEL);
    await s.stake.connect(s.delegator).stake(10n * MIEL);
    await s.stake.connect(s.delegator).delegate(s.other);
    await expect(own.delegate(s.other))
      .to.emit(s.stake, 'DelegateChanged')
      .withArgs(s.operator, s.operator, s.other)
      .and.to.emit(s.stake, 'DelegateVotesChanged')
      .withArgs(s.other, 10n * MIEL, 210n * MIEL);
    expect(await s.stake.delegates(s.operator)).to.equal(s.other.address);
    expect(await s.stake.getVotes(s.other)).to.equal(210n * MIEL);
    expect(await s.stake.getVotes(s.operator)).to.equal(0n);
    expect(await s.stake.getVotes(s.delegator)).to.equal(100n * MIEL);
    await own.stake(MIEL);
    expect(await s.stake.getVotes(s.other)).to.equal(211n * MIEL);
    await own.delegate(ethers.ZeroAddress);
    expect(await s.stake.getVotes(s.operator)).to.equal(201n * MIEL);
    expect(await s.stake.getVotes(s.other)).to.equal(10n * MIEL);
  });

  it('are lent by signature, once and in time', async () => {
    const chainId = (await ethers.provider.getNetwork()).chainId;
    const domain = { name: 'StakeManager', version: '1', chainId, verifyingContract: String(s.stake.target) };
    const types = {
      Delegation: [
        { name: 'delegatee', type: 'address' },
        { name: 'nonce', type: 'uint256' },
        { name: 'expiry', type: 'uint256' },
      ],
    };
    const signed = async (expiry: bigint) => {
      const message = { delegatee: s.other.address, nonce: 0n, expiry };
      const { v, r, s: half } = ethers.Signature.from(await s.operator.signTypedData(domain, types, message));
      return [s.other.address, 0n, expiry, v, r, half] as const;
    };
    const late = await now();
    await expect(s.stake.delegateBySig(...(await signed(late))))
      .to.be.revertedWithCustomError(s.stake, 'StakeVotes_Expired')
      .withArgs(late);
    const good = await signed(late + 1_000n);
    await s.stake.delegateBySig(...good);
    expect(await s.stake.getVotes(s.other)).to.equal(200n * MIEL);
    await expect(s.stake.delegateBySig(...good)).to.be.revertedWithCustomError(s.stake, 'InvalidAccountNonce');
    expect(await s.stake.nonces(s.operator)).to.equal(1n);
  });

  it('are known once their second has passed, on a clock of seconds', async () => {
    const time = await now();
    await expect(past(s.operator, time + 1n)).to.be.revertedWithCustomError(s.stake, 'StakeVotes_Future');
    expect(await s.stake.clock()).to.equal(time);
    expect(await s.stake.CLOCK_MODE()).to.equal('mode=timestamp');
  });

  it('of a slashed pool sink for all its delegators at once, and stay what they were before', async () => {
    await s.stake.connect(s.delegator).delegateTo(1n, 100n * MIEL);
    await s.stake.connect(s.other).delegateTo(1n, 300n * MIEL);
    const before = await now();
    await slash(s, 200_000n, s.delegator);
    await networkHelpers.mine();
    const after = (await now()) - 1n;
    expect([await past(s.delegator, after), await past(s.other, after)]).to.deep.equal([75n * MIEL, 225n * MIEL]);
    expect([await past(s.delegator, before), await past(s.other, before)]).to.deep.equal([100n * MIEL, 300n * MIEL]);
    expect(await past(s.operator, after)).to.equal(100n * MIEL);
  });

  it('of an account that left its pool are still those of then', async () => {
    await s.stake.connect(s.delegator).delegateTo(1n, 100n * MIEL);
    const before = await now();
    await s.stake.connect(s.delegator).undelegate(1n, 100n * MIEL);
    await passThaw();
    expect(await s.stake.getVotes(s.delegator)).to.equal(100n * MIEL);
    await s.stake.connect(s.delegator).withdrawDelegated(1n);
    await networkHelpers.mine();
    expect(await past(s.delegator, (await now()) - 1n)).to.equal(0n);
    expect(await past(s.delegator, before)).to.equal(100n * MIEL);
  });

  it('count no token twice: what is staked has left the token’s votes, and what is burned has none', async () => {
    await s.miel.connect(s.delegator).delegate(s.delegator);
    await s.stake.connect(s.delegator).delegateTo(1n, 400n * MIEL);
    const total = async () => (await s.miel.getVotes(s.delegator)) + (await s.stake.getVotes(s.delegator));
    expect(await total()).to.equal(1_000n * MIEL);
    expect(await s.miel.getVotes(s.stake)).to.equal(0n);
    await slash(s, 500_000n);
    expect(await total()).to.equal(600n * MIEL);
    expect(await s.stake.getVotes(s.operator)).to.equal(100n * MIEL);
  });
});
