import { batchIdOf, type Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { postBadly } from './bad-job.ts';
import { Town } from './town.ts';
import { unsteadyEndpoint } from './unsteady-endpoint.ts';

describe('a provider', () => {
  let town: Town;
  let requester: Essaim;
  before(async () => {
    town = await Town.open();
    requester = await town.connect('requester');
  });
  after(async () => {
    requester?.close();
    await town?.close();
  });

  const post = (pixels: number[], served = pixels) => postBadly(town, requester, 'alice', pixels, served);

  it('says by PROVIDER_STAKE that it has too little at stake, before it accepts', async () => {
    const poor = await town.provider('modeller');
    const jobId = await town.post(town.models.mlp, 'modeller');
    expect(await poor.heard('retrying', jobId)).to.include({ code: 'PROVIDER_STAKE' });
    expect((await requester.contracts.JobMarket.job(jobId)).state).to.equal(1n);
    await poor.child.stop();
  });

  it('refuses an input outside its range, and proves it where the job was accepted already', async () => {
    const refused = await post([0, 99]);
    const alice = await town.provider('alice');
    expect(await alice.heard('refused', refused.jobId)).to.include({ code: 'INPUT_OUT_OF_RANGE' });
    await alice.child.stop();

    const accepted = await post([0, 0, 99]);
    const byHand = await town.connect('alice');
    await (await byHand.contracts.JobMarket.accept(accepted.terms)).wait();
    byHand.close();
    const again = await town.provider('alice');
    expect((await again.heard('input-fault', accepted.jobId)).message).to.match(/element 2 .* is 99/);
    expect((await requester.contracts.JobMarket.job(accepted.jobId)).state).to.equal(8n);
    await again.child.stop();
  });

  it('leaves a job by its free exit where the inputs served are not those it was posted with', async () => {
    const { jobId, terms } = await post([1, 2, 3], [3, 2, 1]);
    const byHand = await town.connect('alice');
    await (await byHand.contracts.JobMarket.accept(terms)).wait();
    byHand.close();
    const alice = await town.provider('alice');
    expect(await alice.heard('left', jobId)).to.include({ code: 'JOB_INPUTS_MISMATCH' });
    expect((await requester.contracts.JobMarket.job(jobId)).state).to.equal(1n);
    await alice.child.stop();
  });

  it('outlives an endpoint that fails for a while, and stops at once when it is told to', async () => {
    const endpoint = await unsteadyEndpoint(town.rpc);
    const alice = await town.provider('alice', '--rpc', endpoint.url, '--quorum', '2');
    const first = await town.post(town.models.mlp, 'alice');
    await alice.heard('submitted', first);
    endpoint.fails = true;
    const second = await town.post(town.models.mlp, 'alice');
    await alice.heard('chain');
    endpoint.fails = false;
    await alice.heard('submitted', second);
    const began = performance.now();
    await alice.child.stop();
    expect(alice.child.process.exitCode).to.equal(0);
    expect(performance.now() - began).to.be.below(4_000);
    endpoint.close();
  });

  it('is paid for a job of which its endpoint, for a while, knows no more than that it was posted', async () => {
    const endpoint = await unsteadyEndpoint(town.rpc);
    const alice = await town.provider('alice', '--rpc', endpoint.url, '--quorum', '2', '--polling', '2000');
    const jobId = await town.post(town.models.mlp, 'alice');
    const before = await town.chain.send('eth_getBlockByNumber', ['latest', false]);
    await alice.heard('submitted', jobId);
    endpoint.lie = ({ method, params }) =>
      method === 'eth_getBlockByNumber' && params[0] === 'latest' ? before : undefined;
    expect(await alice.heard('retrying', jobId)).to.include({ code: 'CHAIN_BEHIND' });
    endpoint.lie = undefined;
    await town.pass(86_400);
    await alice.heard('paid', jobId);
    await alice.child.stop();
    endpoint.close();
  });

  it('has more time while an answer costs more than its bond covers, and answers when the fee has fallen', async () => {
    const alice = await town.provider('alice', '--no-publish-traces');
    const jobId = await town.post(town.models.mlp, 'alice');
    await alice.heard('submitted', jobId);
    await alice.child.stop();
    const verifier = await town.connect('verifier');
    const { Availability, JobMarket } = verifier.contracts;
    const batchId = batchIdOf(await JobMarket.getAddress(), jobId);
    const fee = (gwei: number) =>
      town.chain.send('hardhat_setNextBlockBaseFeePerGas', [`0x${(gwei * 1e9).toString(16)}`]);
    await fee(1);
    const value = await Availability.bondFor(batchId, 64, 10n ** 9n);
    await (await Availability.demandClaim(batchId, 0, 2, 0, 2, { value })).wait();
    verifier.close();
    await fee(1_000);
    await town.chain.send('evm_mine', []);
    const again = await town.provider('alice');
    expect(await again.heard('extended')).to.include({ batchId, kind: 'values' });
    expect(again.lines.some(({ event }) => event === 'answered')).to.equal(false);
    await fee(1);
    await town.chain.send('evm_mine', []);
    await again.heard('answered', jobId);
    await again.child.stop();
  });
});
