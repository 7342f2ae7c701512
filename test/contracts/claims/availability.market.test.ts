import { expect } from 'chai';
import { batchIdOf, connection, encodeTerms, marketFixture, submitted } from '../market/fixture.ts';

const { networkHelpers } = connection;

describe('A job’s requester', () => {
  it('is named to whoever asks with the job’s terms, and so may demand its outputs', async () => {
    const system = await networkHelpers.loadFixture(marketFixture);
    const terms = await submitted(system);
    const batchId = await batchIdOf(system, terms);
    expect(await system.market.requester(batchId, encodeTerms(terms))).to.equal(system.requester.address);
  });

  it('is not named for the terms of another job', async () => {
    const system = await networkHelpers.loadFixture(marketFixture);
    const [terms, others] = [await submitted(system), await submitted(system)];
    const call = system.market.requester(await batchIdOf(system, terms), encodeTerms(others));
    await expect(call).to.be.revertedWithCustomError(system.market, 'JobMarket_Terms');
  });
});
