import { type Essaim, findTerms, type JobRequest } from '@essaim/sdk';
import { expect } from 'chai';
import { type Seller, sell } from './seller.ts';
import { advance, FEE, failureOf, PRICE, reach, request, type World, world } from './world.ts';

describe('the money of a job', () => {
  let at: World;
  let essaim: Essaim;
  const held = () => essaim.contracts.MielToken.balanceOf(at.wallets.requester);

  before(async () => {
    at = await world();
    essaim = await at.connect('requester');
  });

  /** Posts a job that nobody takes up by itself; the run goes on. */
  async function post(changes: Partial<JobRequest> = {}) {
    const run = essaim.jobs.run(request(at, { provider: at.wallets.rival.address, ...changes }));
    await reach(run, 'posted');
    return { run, jobId: run.jobId! };
  }

  /** The rival accepts a job by hand, and does nothing more. */
  async function accept(jobId: string): Promise<void> {
    const rival = await at.connect('rival');
    const terms = await findTerms(rival.contracts, jobId, at.deployment.startBlock);
    await (await rival.contracts.JobMarket.accept(terms)).wait();
  }

  it('comes back when the provider misses the deadline: stage late, then refund', async () => {
    const before = await held();
    const { run, jobId } = await post({ within: 600 });
    await accept(jobId);
    expect((await failureOf(essaim.jobs.simulateRefund(jobId))).code).to.equal('JobMarket_Deadline');
    await advance(at, 700);
    const failure = await failureOf(run);
    expect(failure.code).to.equal('JOB_LATE');
    expect(failure.help).to.include('jobs.refund');
    expect(await essaim.jobs.simulateRefund(jobId)).to.equal(FEE + PRICE);
    expect(await held()).to.equal(before - FEE - PRICE);
    const populated = await essaim.jobs.populateRefund(jobId);
    const hash = await essaim.jobs.refund(jobId);
    expect((await at.chain.getTransaction(hash))!.data).to.equal(populated.data);
    expect(await held()).to.equal(before);
    expect((await failureOf(essaim.jobs.follow(jobId))).code).to.equal('JOB_REFUNDED');
  });

  it('comes back when nobody accepted the job: a refund cancels it', async () => {
    const before = await held();
    const { run, jobId } = await post();
    expect(await essaim.jobs.simulateRefund(jobId)).to.equal(FEE + PRICE);
    await essaim.jobs.refund(jobId);
    expect(await held()).to.equal(before);
    expect((await failureOf(run)).code).to.equal('JOB_CANCELLED');
  });

  describe('with a result', () => {
    let seller: Seller;
    let jobId: string;
    before(async () => {
      seller = await sell(at);
      ({ jobId } = await essaim.jobs.run(request(at)));
    });
    after(() => seller.stop());

    it('does not come back: the revert is named, with its help', async () => {
      for (const method of ['simulateRefund', 'refund'] as const) {
        const failure = await failureOf(essaim.jobs[method](jobId));
        expect(failure.code).to.equal('JobMarket_NoRefund');
        expect(failure.message).to.include(`jobId: ${jobId}`);
        expect(failure.help).to.equal('The result was not rejected, and came in time.');
      }
    });

    it('is released early by its requester only, and simulate says so before', async () => {
      const stranger = await at.connect('poor');
      expect((await failureOf(stranger.jobs.simulateRelease(jobId))).code).to.equal('JobMarket_Caller');
      expect(await essaim.jobs.simulateRelease(jobId)).to.equal(FEE + PRICE);
      const populated = await essaim.jobs.populateRelease(jobId);
      const hash = await essaim.jobs.release(jobId);
      expect((await at.chain.getTransaction(hash))!.data).to.equal(populated.data);
      expect((await essaim.contracts.JobMarket.job(jobId)).state).to.equal(4n);
      expect((await failureOf(essaim.jobs.simulateRelease(jobId))).code).to.equal('JobMarket_State');
    });

    it('stays where it is until the result is final, which a run may wait for', async () => {
      const run = essaim.jobs.run(request(at), { until: 'final' });
      await reach(run, 'result');
      const parameters = essaim.contracts.ProtocolParameters;
      const { windowSeconds, windowBlocks } = await parameters.claimRules(await parameters.epoch());
      await at.chain.send('hardhat_mine', [`0x${windowBlocks.toString(16)}`]);
      await advance(at, Number(windowSeconds));
      expect((await run).final).to.equal(true);
      expect((await essaim.jobs.follow((await run).jobId)).final).to.equal(true);
    });
  });
});
