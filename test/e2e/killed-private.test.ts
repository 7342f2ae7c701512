import type { Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { hexlify, parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { Killer } from './kill/killer.ts';
import { createRun, example, passDraw, registerDigits, shardOfDigits } from './school.ts';
import { Town } from './town.ts';

const HOUR = 3_600;

describe('a trainer that is killed at every state of every transaction of a private run', function () {
  this.timeout(180_000);
  let town: Town;
  let killer: Killer;
  let initiator: Essaim;
  let alice: Essaim;
  let dora: Essaim;
  before(async () => {
    town = await Town.open();
    killer = new Killer(town);
    [initiator, alice, dora] = await Promise.all(
      (['modeller', 'alice', 'dora'] as const).map((role) => town.connect(role)),
    );
    // room for one lock
    for (const essaim of [alice, dora]) await essaim.staking.provide(parseEther('1000'), undefined, 'training');
  });
  after(async () => {
    for (const essaim of [initiator, alice, dora]) essaim?.close();
    await town?.close();
  });

  async function funded(): Promise<string> {
    const dataset = await registerDigits(town, initiator, 'held-out');
    const schedule = (step: number) => example.schedule(step + 1_000);
    const { runId } = await createRun(town, initiator, dataset, {
      ...{ privateShards: true, dependantPay: 0n, aggregationFee: parseEther('0.2'), clip: 10, schedule },
      ...{ rounds: 1, seats: 2, steps: 24, depth: 2, collateral: parseEther('900') },
    });
    await initiator.training.back(runId, (await initiator.training.view(runId)).budget);
    await passDraw(town);
    await initiator.training.draw(runId);
    return runId;
  }

  it('commits, has rows drawn, ends what was missed, begins again, scores and aggregates, each once', () =>
    killer.play('private run', async () => {
      const runId = await funded();
      const shard = await shardOfDigits(town, 0, 5);
      const token = `${town.deployment.addresses.MielToken}=1`;
      const trainer = killer.provider('alice', '--train', token, '--train-run', runId, '--shard', shard);
      const { ScoredRounds, TrainingRegistry } = initiator.contracts;
      await alice.training.join(runId, 0, 1);
      await dora.training.join(runId, 1, 1);
      const { terms } = await dora.training.parts(runId);
      await (await dora.contracts.ScoredRounds.commit(terms, hexlify(new Uint8Array(32).fill(7)))).wait();
      await town.pass(HOUR + 60);
      await dora.training.scores.draw(runId);
      await passDraw(town);
      await killer.dieAt('recording the draw', trainer);
      await town.pass(HOUR + 60);
      await killer.dieAt('ending a missed commitment', trainer);
      await killer.dieAt('beginning a round again', trainer);
      await killer.dieAt('committing to round', trainer);
      await town.pass(HOUR + 60);
      await killer.dieAt('drawing the rows of a round', trainer);
      await passDraw(town);
      await alice.staking.provide(parseEther('1000'), undefined, 'training');
      const before = await killer.nonce('alice');
      await killer.dieAt('scoring round', trainer);
      await killer.dieAt('locking one more collateral for run', trainer);
      await killer.dieAt('aggregating round', trainer);
      // and the draw of the rows was recorded
      expect(await killer.nonce('alice')).to.equal(before + 4);
      const own = accounts(town.chain).alice.address;
      const made = await ScoredRounds.queryFilter(ScoredRounds.filters.Committed(runId, undefined, undefined, own));
      expect(made.length).to.equal(1);
      expect((await TrainingRegistry.run(runId)).round).to.equal(1n);
      const { history } = await initiator.training.view(runId);
      expect(history.rounds[0].made?.contributions.map(({ trainer }) => trainer)).to.deep.equal([own]);
    }));
});
