import { expect } from 'chai';
import {
  accepted,
  batchIdOf,
  connection,
  encodeTerms,
  type Market,
  MIEL,
  marketFixture,
  PRICE,
  passWindow,
  staked,
  submitted,
} from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;
const DAY = 86_400;

/** A market whose operator has 1,000 MIEL of its own in its provision, and 4,000 of a delegator's. */
async function poolFixture() {
  const system = await marketFixture();
  const { miel, stake, market, penalties, other, challenger, token } = system;
  const operator = system.treasury;
  await staked(system, operator, 1_000n * MIEL);
  await stake.connect(operator).openPool(market, penalties, 2_000);
  const fees = await ethers.getContractAt('PoolFees', await stake.payee(operator, market));
  await fees.connect(operator).admit(token);
  await miel.transfer(other, 10_000n * MIEL);
  await miel.connect(other).approve(stake, ethers.MaxUint256);
  await stake.connect(other).delegateTo(1n, 4_000n * MIEL);
  return { ...system, provider: operator, operator, delegator: other, fees, accomplice: challenger };
}

describe('Attacks on delegation', () => {
  let s: Market & Awaited<ReturnType<typeof poolFixture>>;
  const provision = () => s.stake.provisionOf(s.operator, s.market, s.penalties);
  const convicted = async (collateral: bigint) => {
    const terms = await submitted(s, { collateral });
    const batchId = await batchIdOf(s, terms);
    await s.claims.connect(s.referee).reject(batchId, 0, s.accomplice);
    await s.penalties.collect(batchId, encodeTerms(terms));
    return terms;
  };

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(poolFixture);
  });

  it('fees of a job reach those who back its provider', async () => {
    const terms = await submitted(s);
    await passWindow();
    await s.market.withdraw(terms);
    const paid = await s.token.balanceOf(s.fees);
    expect(paid > 47n * PRICE).to.equal(true);
    expect(await s.fees.claimable(s.token, s.operator)).to.equal(paid / 5n);
    await expect(s.fees.claim(s.token, s.delegator)).to.changeTokenBalance(
      ethers,
      s.token,
      s.delegator,
      paid - paid / 5n - 1n,
    );
  });

  it('C5: an operator that convicts itself robs no delegator, and loses half of its own', async () => {
    await convicted(5_000n * MIEL);
    const back = (await s.stake.credit(s.accomplice)) + (await s.stake.credit(s.requester));
    expect(back).to.equal(450n * MIEL);
    expect(await s.stake.toBurn()).to.equal(4_550n * MIEL);
    expect((await s.stake.poolAt(1n)).tokens).to.equal(0n);
  });

  it('C5: delegating to oneself makes a conviction no cheaper', async () => {
    await convicted(1_000n * MIEL);
    expect((await provision()).tokens).to.equal(0n);
    expect((await s.stake.poolAt(1n)).tokens).to.equal(4_000_000n);
    expect(await s.stake.toBurn()).to.equal(550n * MIEL);
  });

  it('M3: the votes of a slashed pool are right at every past second, for all its delegators', async () => {
    await networkHelpers.mine();
    const before = BigInt(await networkHelpers.time.latest());
    await convicted(3_000n * MIEL);
    await networkHelpers.mine(2);
    const after = BigInt(await networkHelpers.time.latest()) - 1n;
    expect(await s.stake.getPastVotes(s.delegator, before)).to.equal(4_000n * MIEL);
    expect(await s.stake.getPastVotes(s.delegator, after)).to.equal(2_000n * MIEL);
    expect(await s.stake.getPastVotes(s.operator, after)).to.equal(0n);
  });

  it('what backs open work is slashed, however early operator and delegators begin to leave', async () => {
    const deadline = BigInt((await networkHelpers.time.latest()) + 60 * DAY);
    const terms = await accepted(s, { collateral: 5_000n * MIEL, deadline });
    await expect(s.stake.connect(s.operator).thawProvision(s.market, s.penalties, MIEL)).to.be.revertedWithCustomError(
      s.stake,
      'StakeManager_Insufficient',
    );
    await s.stake.connect(s.delegator).undelegate(1n, 4_000n * MIEL);
    await networkHelpers.time.increase(15 * DAY);
    await expect(s.stake.connect(s.delegator).withdrawDelegated(1n))
      .to.be.revertedWithCustomError(s.stake, 'Delegation_Locked')
      .withArgs(5_000_000n, 1_000_000n);
    await s.market.connect(s.operator).submit(terms, ethers.id('t'), ethers.id('r'));
    const batchId = await batchIdOf(s, terms);
    await s.claims.connect(s.referee).reject(batchId, 0, s.accomplice);
    await s.penalties.collect(batchId, encodeTerms(terms));
    expect((await s.stake.poolAt(1n)).tokens).to.equal(0n);
  });

  it('a delegator that begins to leave before the offence is proven leaves with what is left', async () => {
    const terms = await submitted(s, { collateral: 3_000n * MIEL });
    await s.stake.connect(s.delegator).undelegate(1n, 4_000n * MIEL);
    const batchId = await batchIdOf(s, terms);
    await s.claims.connect(s.referee).reject(batchId, 0, s.accomplice);
    await s.penalties.collect(batchId, encodeTerms(terms));
    await networkHelpers.time.increase(15 * DAY);
    await expect(s.stake.connect(s.delegator).withdrawDelegated(1n)).to.changeTokenBalance(
      ethers,
      s.miel,
      s.delegator,
      2_000n * MIEL,
    );
  });

  it('work takes no more of what others delegate than four times what the operator leaves in', async () => {
    await s.stake.connect(s.operator).thawProvision(s.market, s.penalties, 900n * MIEL);
    await expect(accepted(s, { collateral: 500n * MIEL }))
      .to.be.revertedWithCustomError(s.stake, 'StakeManager_BelowMinimum')
      .withArgs(500_000n, 1_000_000n);
  });
});
