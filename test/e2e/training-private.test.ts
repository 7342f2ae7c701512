import { type Essaim, RunState } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import type { Role } from '../../scripts/demo/accounts.ts';
import { createRun, passDraw, passWindow, registerDigits, shardOfDigits } from './school.ts';
import { type Daemon, Town } from './town.ts';

const TRAINERS = ['alice', 'bob', 'carol'] as const;
const pause = () => new Promise((resolve) => setTimeout(resolve, 40));

describe('a run of private shards', function () {
  this.timeout(120_000);
  let town: Town;
  let initiator: Essaim;
  let backer: Essaim;
  let dataset: bigint;
  const shards: string[] = [];
  before(async () => {
    town = await Town.open();
    [initiator, backer] = await Promise.all([town.connect('modeller'), town.connect('requester')]);
    for (const [i, role] of TRAINERS.entries()) {
      const essaim = await town.connect(role);
      await essaim.staking.provide(parseEther('4000'), undefined, 'training');
      essaim.close();
      shards.push(await shardOfDigits(town, i, TRAINERS.length));
    }
    dataset = await registerDigits(town, initiator, 'held-out');
  });
  after(async () => {
    initiator?.close();
    backer?.close();
    await town?.close();
  });

  async function funded(changes: Parameters<typeof createRun>[3] = {}): Promise<string> {
    const own = { privateShards: true, dependantPay: 0n, aggregationFee: parseEther('0.2'), clip: 10 };
    const { runId } = await createRun(town, initiator, dataset, { steps: 8, seats: 2, depth: 2, ...own, ...changes });
    await backer.training.back(runId, (await backer.training.view(runId)).budget);
    await passDraw(town);
    return runId;
  }

  const trainer = (role: Role, shard: string, runId: string): Promise<Daemon> => {
    const token = town.deployment.addresses.MielToken;
    const train = ['--train', `${token}=1`, '--train-run', runId, '--checkpoint-every', '4', '--shard', shard];
    return town.provider(role, ...train);
  };

  /** Waits until a daemon said something of a run so many times. */
  async function times({ lines }: Daemon, event: string, runId: string, count = 1) {
    for (;;) {
      const heard = lines.filter((line) => line.event === event && line.runId === runId);
      const broken = lines.find((line) => line.event === 'exit' || line.event === 'failed');
      if (broken) throw new Error(JSON.stringify(broken));
      if (heard.length >= count) return heard;
      await pause();
    }
  }

  /** Waits until the rows of a turn are drawn, and lets the block that names them come. */
  async function passRows(runId: string, turn: number): Promise<void> {
    while ((await backer.training.scores.at(runId, turn)).drawn === 0) await pause();
    await passDraw(town);
  }

  it('is trained by two on data of their own, which are paid for what their updates improve on rows drawn later', async () => {
    const runId = await funded({ rounds: 2 });
    const [alice, bob] = await Promise.all([trainer('alice', shards[0], runId), trainer('bob', shards[1], runId)]);
    await passRows(runId, 1);
    await passRows(runId, 2);
    while ((await backer.training.history(runId)).current.round < 2) await pause();
    console.log(alice.lines, bob.lines, await backer.training.scores.at(runId, 2));
    await passWindow(town);
    await Promise.all([times(alice, 'done', runId), times(bob, 'done', runId)]);
    expect((await backer.training.view(runId)).state).to.equal(RunState.Completed);
  });
});
