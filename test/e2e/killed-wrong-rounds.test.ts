import type { Tracer } from '@essaim/runtime';
import { ClaimState, type Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { Killer } from './kill/killer.ts';
import { train } from './pupil.ts';
import { createRun, passDraw, passWindow, registerDigits } from './school.ts';
import { Town } from './town.ts';

/** Its second step does not begin with what the first one gave. */
function skipping(honest: Tracer): Tracer {
  let calls = 0;
  const bent = (bytes: Uint8Array) => bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
  return Object.assign(
    (...[program, onnx, inputs, known]: Parameters<Tracer>) =>
      ++calls === 2
        ? honest(
            program,
            onnx,
            inputs.map((bytes, i) => (i === 1 ? bent(bytes) : bytes)),
          )
        : honest(program, onnx, inputs, known),
    { remake: honest.remake },
  );
}

describe('a verifier that is killed at every state of every transaction against a round', function () {
  this.timeout(180_000);
  let town: Town;
  let killer: Killer;
  let initiator: Essaim;
  before(async () => {
    town = await Town.open();
    killer = new Killer(town);
    initiator = await town.connect('modeller');
    for (const role of ['alice', 'bob'] as const) {
      const essaim = await town.connect(role);
      await essaim.staking.provide(parseEther('4000'), undefined, 'training');
      essaim.close();
    }
  });
  after(async () => {
    initiator?.close();
    await town?.close();
  });

  /** A run of which alice has the first seat. */
  async function running(): Promise<string> {
    const dataset = await registerDigits(town, initiator);
    const { runId } = await createRun(town, initiator, dataset, {
      ...{ rounds: 2, steps: 3, depth: 2, seats: 2, aggregationFee: parseEther('0.2') },
    });
    await initiator.training.back(runId, (await initiator.training.view(runId)).budget);
    await passDraw(town);
    const alice = await town.connect('alice');
    await alice.training.draw(runId);
    await alice.training.join(runId, 0, 4);
    alice.close();
    return runId;
  }

  it('accuses, proves and drops a round once, and its neighbour unlocks what stood on it once', async () => {
    const runId = await running();
    const token = `${town.deployment.addresses.MielToken}=1`;
    const alice = killer.provider('alice', '--train', token, '--train-run', runId);
    const byHand = await town.connect('bob');
    const bob = train(town, 'bob', byHand, runId, { trace: skipping, stepIn: 600_000 });
    await bob.times('committed');
    await bob.stop();
    byHand.close();
    const own = await alice();
    await own.heard('aggregated');
    await own.child.stop();
    const wrong = accounts(town.chain).bob.address;
    const { Claims, TrainingRegistry } = initiator.contracts;

    await killer.play('wrong round', async () => {
      const before = await killer.nonce('verifier');
      for (const deed of ['accusing batch', 'proving a fault in batch', 'collecting the slash of batch'])
        await killer.dieAt(deed, killer.verifier('verifier', '--all'));
      expect(await killer.nonce('verifier')).to.equal(before + 3);
      const rejected = await Claims.queryFilter(Claims.filters.Rejected());
      expect(rejected.length).to.equal(1);
      expect((await Claims.batch(rejected[0].args.batchId)).executor).to.equal(wrong);
      expect(await Claims.state(rejected[0].args.batchId)).to.equal(ClaimState.Rejected);
      expect((await TrainingRegistry.run(runId)).round).to.equal(0n);
      expect((await TrainingRegistry.queryFilter(TrainingRegistry.filters.Dropped(runId))).length).to.equal(1);
    });

    await killer.play('round that is taken back', async () => {
      await passWindow(town);
      await killer.dieAt('unlocking round', alice);
      const of = [runId, accounts(town.chain).alice.address] as const;
      const unlocked = await TrainingRegistry.queryFilter(TrainingRegistry.filters.Unlocked(...of));
      // her average; her steps stand in the round that is made again
      expect(unlocked.length).to.equal(1);
    });
  });
});
