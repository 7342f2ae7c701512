import { commitTensor, listRoot } from '@essaim/protocol';
import { type Essaim, type JobRequest, jobIdOf, randomSalt, type Terms } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { FEE, Town } from './town.ts';
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

  /** Posts a job whose inputs the SDK would refuse to post: these pixels, and perhaps others behind their digest. */
  async function postBadly(pixels: number[], served = pixels): Promise<{ jobId: string; terms: Terms }> {
    const { mlp } = town.models;
    const bytesOf = (some: number[]) =>
      new Uint8Array(Float32Array.from({ length: 64 }, (_, i) => some[i] ?? 0).buffer);
    const cid = await requester.storage.put(bytesOf(served));
    const { digest } = await requester.storage.putManifest({ kind: 'essaim/inputs/1', claims: [[cid]] });
    const roles = accounts(town.chain);
    const request: Pick<JobRequest, 'token' | 'fee' | 'collateral'> = {
      token: town.deployment.addresses.MielToken,
      fee: FEE,
      collateral: parseEther('100'),
    };
    const head = await town.chain.getBlock('latest');
    const terms: Terms = {
      ...request,
      requester: roles.requester.address,
      provider: roles.alice.address,
      deadline: BigInt(head!.timestamp + 3_600),
      count: 1n,
      salt: randomSalt(),
      royalty: 0n,
      model: mlp.id,
      programId: mlp.program.id,
      inputsRoot: listRoot([commitTensor(mlp.program.inputs[0].type, bytesOf(pixels)).root]),
      inputs: digest,
    };
    await (await requester.contracts.JobMarket.post(terms)).wait();
    return { jobId: jobIdOf(terms), terms };
  }

  it('says by PROVIDER_STAKE that it has too little at stake, before it accepts', async () => {
    const poor = await town.provider('modeller');
    const jobId = await town.post(town.models.mlp, 'modeller');
    expect(await poor.heard('retrying', jobId)).to.include({ code: 'PROVIDER_STAKE' });
    expect((await requester.contracts.JobMarket.job(jobId)).state).to.equal(1n);
    await poor.child.stop();
  });

  it('refuses an input outside its range, and proves it where the job was accepted already', async () => {
    const refused = await postBadly([0, 99]);
    const alice = await town.provider('alice');
    expect(await alice.heard('refused', refused.jobId)).to.include({ code: 'INPUT_OUT_OF_RANGE' });
    await alice.child.stop();

    const accepted = await postBadly([0, 0, 99]);
    const byHand = await town.connect('alice');
    await (await byHand.contracts.JobMarket.accept(accepted.terms)).wait();
    byHand.close();
    const again = await town.provider('alice');
    expect((await again.heard('input-fault', accepted.jobId)).message).to.match(/element 2 .* is 99/);
    expect((await requester.contracts.JobMarket.job(accepted.jobId)).state).to.equal(8n);
    await again.child.stop();
  });

  it('leaves a job by its free exit where the inputs served are not those it was posted with', async () => {
    const { jobId, terms } = await postBadly([1, 2, 3], [3, 2, 1]);
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
    const alice = await town.provider('alice', '--rpc', endpoint.url);
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
});
