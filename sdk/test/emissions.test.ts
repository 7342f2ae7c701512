import { type Essaim, findTerms } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther, ZeroHash } from 'ethers';
import { sell } from './seller.ts';
import { advance, failureOf, request, type World, world } from './world.ts';

const DAY = 86_400;

describe('emissions', () => {
  let at: World;
  let essaim: Essaim;
  let jobId: string;

  before(async () => {
    at = await world();
    essaim = await at.connect('requester');
    const seller = await sell(at);
    ({ jobId } = await essaim.jobs.run(request(at)));
    await seller.stop();
  });

  /** Passes the window of every rule, and withdraws. */
  async function final(): Promise<void> {
    await at.chain.send('hardhat_mine', ['0xe11']);
    await advance(at, DAY);
    const terms = await findTerms(essaim.contracts, jobId, at.deployment.startBlock);
    await (await essaim.contracts.JobMarket.withdraw(terms)).wait();
  }

  it('are drawn by a final job: recorded once, claimed a day later, by anyone', async () => {
    expect((await failureOf(essaim.emissions.simulateJob(jobId))).code).to.equal('Emissions_NotPaid');
    await final();
    // Of 2 MIEL, 2 % are protocol fee; half of it is burned, and half of that is asked for.
    const asks = parseEther('0.01');
    expect(await essaim.emissions.simulateJob(jobId)).to.equal(asks);
    await essaim.emissions.recordJob(jobId);
    const day = await essaim.emissions.today();
    expect(await essaim.emissions.day(day)).to.deep.equal({ asked: asks, budget: parseEther('100000') });
    expect(await essaim.emissions.work(jobId)).to.deep.equal({
      ...{ operator: at.wallets.seller.address, day, asks, draws: asks, claimed: false, unpaidData: [] },
    });
    expect((await failureOf(essaim.emissions.recordJob(jobId))).code).to.equal('Emissions_Recorded');
    expect((await failureOf(essaim.emissions.claim(jobId))).code).to.equal('Emissions_DayOpen');

    await advance(at, DAY);
    expect(await essaim.emissions.day()).to.deep.equal({ asked: 0n, budget: 0n });
    const { MielToken } = essaim.contracts;
    const before = await MielToken.balanceOf(at.wallets.seller);
    expect(await essaim.emissions.claim(jobId)).to.equal((asks * 7n) / 10n);
    expect((await MielToken.balanceOf(at.wallets.seller)) - before).to.equal((asks * 7n) / 10n);
    expect((await essaim.emissions.work(jobId)).claimed).to.equal(true);
    expect(await essaim.emissions.claim(jobId)).to.equal(0n);
  });

  it('say what is wrong', async () => {
    expect((await failureOf(essaim.emissions.work(ZeroHash))).code).to.equal('EMISSION_UNKNOWN');
    const reader = await at.connect(undefined);
    expect((await failureOf(reader.emissions.recordJob(jobId))).code).to.equal('WALLET_MISSING');
  });
});
