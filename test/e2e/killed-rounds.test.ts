import { type Essaim, RunState } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { Killer } from './kill/killer.ts';
import { createRun, passDraw, passWindow, registerDigits } from './school.ts';
import { Town } from './town.ts';

const HOUR = 3_600;

describe('a trainer that is killed at every state of every transaction of a run', function () {
  this.timeout(180_000);
  let town: Town;
  let killer: Killer;
  let initiator: Essaim;
  let backer: Essaim;
  let dora: Essaim;
  let dataset: bigint;
  before(async () => {
    town = await Town.open();
    killer = new Killer(town);
    [initiator, backer, dora] = await Promise.all(
      (['modeller', 'requester', 'dora'] as const).map((role) => town.connect(role)),
    );
    for (const role of ['alice', 'bob', 'dora'] as const) {
      const essaim = await town.connect(role);
      await essaim.staking.provide(parseEther('4000'), undefined, 'training');
      essaim.close();
    }
    dataset = await registerDigits(town, initiator);
  });
  after(async () => {
    for (const essaim of [initiator, backer, dora]) essaim?.close();
    await town?.close();
  });

  async function funded(changes: Parameters<typeof createRun>[3]): Promise<string> {
    const { runId } = await createRun(town, initiator, dataset, { rounds: 1, steps: 3, depth: 2, ...changes });
    await backer.training.back(runId, (await backer.training.view(runId)).budget);
    await passDraw(town);
    return runId;
  }
  const trainer = (role: 'alice' | 'bob', runId: string) => {
    const token = `${town.deployment.addresses.MielToken}=1`;
    return killer.provider(role, '--train', token, '--train-run', runId, '--checkpoint-every', '2');
  };
  const rowOf = (runId: string) => backer.contracts.TrainingRegistry.run(runId);

  it('draws, takes a seat from who is late, trains, settles, is paid and ends the run, each once', () =>
    killer.play('run', async () => {
      const runId = await funded({ seats: 1 });
      const alice = trainer('alice', runId);
      const before = await killer.nonce('alice');
      await killer.dieAt('recording the draw', alice);
      await killer.dieAt('drawing the seed', alice);
      await dora.training.join(runId, 0, 1);
      await town.pass(HOUR + 60);
      for (const deed of ['vacating seat', 'taking a seat', 'submitting round']) await killer.dieAt(deed, alice);
      expect(await killer.nonce('alice')).to.equal(before + 5);
      await passWindow(town);
      for (const deed of [
        ...['settling rounds', 'withdrawing', 'closing the run', 'registering the model', 'leaving the run'],
        'claiming shares',
      ])
        await killer.dieAt(deed, alice);
      expect(await killer.nonce('alice')).to.equal(before + 11);
      const { state, history } = await backer.training.view(runId);
      expect(state).to.equal(RunState.Completed);
      expect(history.batches.length).to.equal(1);
      const own = await backer.contracts.TrainingRegistry.trainer(runId, accounts(town.chain).alice.address);
      expect([own.steps, own.locks]).to.deep.equal([3n, 0n]);
    }));

  it('submits its steps and aggregates those of all seats once', () =>
    killer.play('run of several seats', async () => {
      const runId = await funded({ seats: 2, aggregationFee: parseEther('0.2') });
      // the first seat is the first to aggregate
      const own = await town.connect('alice');
      await own.training.draw(runId);
      await own.training.join(runId, 0, 4);
      own.close();
      const bob = await trainer('bob', runId)();
      await bob.heard('committed');
      await bob.child.stop();
      const before = await killer.nonce('alice');
      await killer.dieAt('submitting round', trainer('alice', runId));
      await killer.dieAt('aggregating round', trainer('alice', runId));
      expect(await killer.nonce('alice')).to.equal(before + 2);
      expect((await rowOf(runId)).round).to.equal(1n);
      const { rounds } = await backer.training.history(runId);
      expect(rounds[0].made?.contributions.map(({ count }) => count)).to.deep.equal([3, 3]);
    }));
});
