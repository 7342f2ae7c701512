import { expect } from 'chai';
import {
  accepted,
  BURN,
  batchIdOf,
  connection,
  encodeTerms,
  jobIdOf,
  type Market,
  marketFixture,
  PRICE,
  passWindow,
  posted,
  rejected,
  submitted,
  type Terms,
  termsOf,
} from './fixture.ts';

const { ethers, networkHelpers } = connection;
const FEE = 50n * PRICE;

describe('A sealed job', () => {
  let system: Market;
  let seal: Partial<Terms>;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(marketFixture);
    seal = { isSealed: true, provider: system.provider.address };
  });

  it('names the provider that can open it', async () => {
    const { market, requester } = system;
    const terms = await termsOf(system, { isSealed: true });
    await expect(market.connect(requester).post(terms)).to.be.revertedWithCustomError(market, 'JobMarket_NoProvider');
    const named = await termsOf(system, seal);
    await expect(market.connect(requester).post(named)).to.emit(market, 'Posted');
  });

  it('is another job than the same terms in the open, and no terms but its own reach it', async () => {
    const { market, requester, provider } = system;
    const terms = await posted(system, seal);
    const open = { ...terms, isSealed: false };
    expect(jobIdOf(open)).to.not.equal(jobIdOf(terms));
    expect(await market.jobIdOf(terms)).to.equal(jobIdOf(terms));
    await expect(market.connect(provider).accept(open)).to.be.revertedWithCustomError(market, 'JobMarket_State');
    // a flag that is neither 0 nor 1 makes no job
    const call = market.interface.encodeFunctionData('post', [{ ...terms, salt: terms.salt + 1_000_000n }]);
    const data = `${call.slice(0, -1)}2`;
    await expect(requester.sendTransaction({ to: market, data })).to.revert(ethers);
  });

  it('seals its batch to its requester, of one input and of several', async () => {
    const { claims, requester } = system;
    for (const count of [1n, 3n]) {
      const terms = await submitted(system, { ...seal, count });
      const batchId = await batchIdOf(system, terms);
      expect(await claims.askerOf(batchId)).to.equal(requester.address);
      const [event] = await claims.queryFilter(claims.filters.Sealed(batchId));
      expect(event.args.asker).to.equal(requester.address);
      expect(await system.market.requester(batchId, encodeTerms(terms))).to.equal(requester.address);
    }
    const open = await submitted(system);
    expect(await claims.askerOf(await batchIdOf(system, open))).to.equal(ethers.ZeroAddress);
  });

  it('pays no verification fee, whether it is paid, released, void in part or rejected', async () => {
    const { market, token, auditPool, treasury, provider, requester, claims, referee } = system;
    const paid = await submitted(system, seal);
    const released = await submitted(system, seal);
    const voided = await submitted(system, { ...seal, count: 2n });
    const wrong = await submitted(system, seal);
    const due = (FEE * 98n) / 100n;
    await expect(market.connect(requester).release(released)).to.changeTokenBalance(ethers, token, provider, due);
    await claims.connect(referee).annul(await batchIdOf(system, voided), 1);
    await rejected(system, wrong);
    await expect(market.refund(wrong)).to.changeTokenBalance(ethers, token, requester, FEE + PRICE);
    await passWindow();
    await expect(market.withdraw(paid)).to.changeTokenBalance(ethers, token, provider, due);
    await expect(market.withdraw(voided)).to.changeTokenBalance(ethers, token, provider, due);
    expect(await market.owed(token, auditPool)).to.equal(0n);
    expect(await market.owed(token, treasury)).to.equal((3n * FEE * 2n) / 100n);
    expect(await market.owed(token, BURN)).to.equal((FEE + PRICE) / 2n);
  });

  it('H9: an input that its provider cannot open costs it nothing: it leaves by the free exit, whole', async () => {
    const { market, provider, stake, penalties, requester, token } = system;
    const terms = await accepted(system, seal);
    const held = async () => {
      const { tokens, locked } = await stake.provisionOf(provider, market, penalties);
      return { tokens, locked };
    };
    const before = await held();
    expect(before.locked).to.equal(1_000_000n);
    await market.connect(provider).exit(terms);
    expect(await held()).to.deep.equal({ tokens: before.tokens, locked: 0n });
    // nobody else can take it, so its requester has its money back at once
    await expect(market.connect(requester).cancel(terms)).to.changeTokenBalance(ethers, token, requester, FEE + PRICE);
  });
});
