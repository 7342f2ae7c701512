import { batchIdOf, ClaimState, type Essaim, JobState } from '@essaim/sdk';
import { expect } from 'chai';
import { postBadly } from './bad-job.ts';
import { Killer } from './kill/killer.ts';
import { Town } from './town.ts';

describe('a provider that is killed at every state of every transaction of a job', function () {
  this.timeout(180_000);
  let town: Town;
  let killer: Killer;
  let reader: Essaim;
  before(async () => {
    town = await Town.open();
    killer = new Killer(town);
    reader = await town.connect('requester');
  });
  after(async () => {
    reader?.close();
    await town?.close();
  });

  const { seller } = { seller: (...more: string[]) => killer.seller('alice', ...more) };
  const stateOf = async (jobId: string) => (await reader.contracts.JobMarket.job(jobId)).state;
  /** Has alice hold a job that she would have refused. */
  async function accepted(pixels: number[], served?: number[]): Promise<string> {
    const { jobId, terms } = await postBadly(town, reader, 'alice', pixels, served);
    const byHand = await town.connect('alice');
    await (await byHand.contracts.JobMarket.accept(terms)).wait();
    byHand.close();
    return jobId;
  }

  it('accepts, submits and is paid with three transactions', () =>
    killer.play('job', async () => {
      const before = await killer.nonce('alice');
      const jobId = await town.post(town.models.mlp, 'alice');
      await killer.dieAt('accepting job', seller());
      await killer.dieAt('submitting job', seller());
      await town.pass(100_000);
      await killer.dieAt('withdrawing the pay of job', seller());
      expect(await stateOf(jobId)).to.equal(JobState.Paid);
      expect(await killer.nonce('alice')).to.equal(before + 3);
    }));

  it('leaves a job whose inputs are others than it was posted with once', () =>
    killer.play('job that is left', async () => {
      const jobId = await accepted([1, 2, 3], [3, 2, 1]);
      const before = await killer.nonce('alice');
      await killer.dieAt('leaving job', seller());
      expect(await stateOf(jobId)).to.equal(JobState.Posted);
      expect(await killer.nonce('alice')).to.equal(before + 1);
    }));

  it('proves once that an input is out of its range', () =>
    killer.play('job of an impossible input', async () => {
      const jobId = await accepted([0, 0, 99]);
      const before = await killer.nonce('alice');
      await killer.dieAt('proving the input of job', seller());
      expect(await stateOf(jobId)).to.equal(8n);
      expect(await killer.nonce('alice')).to.equal(before + 1);
    }));

  it('has the clock of a demand extended once while gas is dear', () =>
    killer.play('demand while gas is dear', async () => {
      const fee = (gwei: number) =>
        town.chain.send('hardhat_setNextBlockBaseFeePerGas', [`0x${(BigInt(gwei) * 10n ** 9n).toString(16)}`]);
      const provider = await killer.seller('alice')();
      const jobId = await town.post(town.models.mlp, 'alice');
      await provider.heard('submitted', jobId);
      await provider.child.stop();
      const { Availability, JobMarket, Claims } = reader.contracts;
      const batchId = batchIdOf(await JobMarket.getAddress(), jobId);
      await fee(1);
      await town.chain.send('evm_mine', []);
      const value = await Availability.bondFor(batchId, 64, 10n ** 9n);
      await (await Availability.demandClaim(batchId, 0, 2, 0, 2, { value })).wait();
      await fee(1_000);
      await town.chain.send('evm_mine', []);
      const before = await killer.nonce('alice');
      await killer.dieAt('extending the clock of a demand for', seller('--max-fee', '5000'));
      expect(await killer.nonce('alice')).to.equal(before + 1);
      await fee(1);
      await town.chain.send('evm_mine', []);
      const again = await killer.seller('alice')();
      await again.heard('answered', jobId);
      await again.child.stop();
      expect(await Claims.state(batchId)).to.equal(ClaimState.Pending);
      expect(await killer.nonce('alice')).to.equal(before + 2);
    }));
});
