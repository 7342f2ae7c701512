import { compile } from '@essaim/protocol';
import { ClaimState, type Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { Killer } from './kill/killer.ts';
import { createRun, passDraw, passWindow, registerDigits, step } from './school.ts';
import { lieIn, Town } from './town.ts';

describe('a verifier that is killed at every state of every transaction against a round', () => {
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
    const program = compile(step.onnx);
    const lie = lieIn({ program } as Parameters<typeof lieIn>[0]);
    const bob = await town.cheat('bob', { cheats: [{ programId: program.id, claim: 1, lie }], trains: true });
    await bob.heard('committed');
    const own = await alice();
    await own.heard('aggregated');
    await Promise.all([bob.child.stop(), own.child.stop()]);
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
      const again = await alice();
      const of = [runId, accounts(town.chain).alice.address] as const;
      const unlocked = () => TrainingRegistry.queryFilter(TrainingRegistry.filters.Unlocked(...of));
      while ((await unlocked()).length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
      await again.child.stop();
      // her steps and her average
      expect((await unlocked()).length).to.equal(2);
    });
  });
});
