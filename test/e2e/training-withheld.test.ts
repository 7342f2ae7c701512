import { createHash } from 'node:crypto';
import { type Essaim, RunState } from '@essaim/sdk';
import { encodeManifest, type Storage } from '@essaim/storage';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { altered } from './altered.ts';
import { type Habits, train, untilRound } from './pupil.ts';
import { createRun, passDraw, passWindow, registerDigits } from './school.ts';
import { Town } from './town.ts';

const ROLES = ['alice', 'bob', 'carol'] as const;

describe('a seat that serves nothing off chain', function () {
  this.timeout(120_000);
  let town: Town;
  let initiator: Essaim;
  let backer: Essaim;
  let dataset: bigint;
  const trainers = {} as Record<(typeof ROLES)[number], Essaim>;
  before(async () => {
    town = await Town.open();
    [initiator, backer] = await Promise.all([town.connect('modeller'), town.connect('requester')]);
    for (const role of ROLES) {
      trainers[role] = await town.connect(role);
      await trainers[role].staking.provide(parseEther('4000'), undefined, 'training');
    }
    dataset = await registerDigits(town, initiator);
  });
  after(async () => {
    for (const essaim of [initiator, backer, ...Object.values(trainers)]) essaim?.close();
    await town?.close();
  });

  async function funded(rounds: number): Promise<string> {
    const aggregationFee = parseEther('0.2');
    const changes = { rounds, roundSeconds: 43_200, steps: 3, depth: 3, seats: 2, aggregationFee };
    const { runId } = await createRun(town, initiator, dataset, changes);
    await backer.training.back(runId, (await backer.training.view(runId)).budget);
    await passDraw(town);
    return runId;
  }

  /** Commits to digests of what it keeps to itself. */
  const withholding = (own: Essaim): Essaim => {
    const put = async () => 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
    const putManifest = async (value: Parameters<Storage['putManifest']>[0]) => ({
      ...{ cid: '', digest: `0x${createHash('sha256').update(encodeManifest(value)).digest('hex')}` },
    });
    return altered(own, { storage: altered(own.storage, { put, putManifest }) });
  };

  /** Two seats, the first of them honest and without patience. */
  async function seats(runId: string, second: Habits) {
    const alice = train(town, 'alice', trainers.alice, runId, { patience: 0 });
    await alice.times('seated');
    const bob = train(town, 'bob', trainers.bob, runId, { essaim: withholding, stepIn: 600_000, ...second });
    await bob.times('committed');
    return [alice, bob] as const;
  }

  it('and answers on chain holds up no round: what it ended in is demanded, and taken in', async () => {
    const runId = await funded(3);
    const [alice, bob] = await seats(runId, {});
    await untilRound(backer, runId, 3, [alice, bob]);
    const shown = alice.said.flatMap((line) => (line.event === 'shown' ? [[line.round, line.seat]] : []));
    // the second round's aggregation was the other's turn, and the third begins from it
    expect(shown).to.deep.include.members([
      [0, 1],
      [1, 'aggregation'],
      [2, 1],
    ]);
    const { rounds } = await backer.training.history(runId);
    for (const { made } of rounds.slice(0, 3))
      expect(made!.contributions.map(({ seat }) => seat)).to.deep.equal([0, 1]);
    await passWindow(town);
    await Promise.all([alice.times('done'), bob.times('done')]);
    await Promise.all([alice.stop(), bob.stop()]);
    expect((await backer.training.view(runId)).state).to.equal(RunState.Completed);
    const { Availability } = backer.contracts;
    const asked = await Availability.queryFilter(Availability.filters.Demanded());
    const settled = await Availability.queryFilter(Availability.filters.Settled());
    expect(asked.length).to.be.greaterThan(1);
    expect(settled.length).to.equal(asked.length);
  });

  it('nor answers on chain is convicted by its silence, and another takes its seat', async () => {
    const runId = await funded(1);
    const [alice, bob] = await seats(runId, { silent: true });
    await alice.times('demanded');
    const before = await backer.contracts.StakeManager.credit(accounts(town.chain).alice.address);
    await town.pass(7 * 3_600);
    await alice.times('silent');
    expect(await backer.contracts.StakeManager.credit(accounts(town.chain).alice.address)).to.be.above(before);
    await bob.times('unseated');
    const carol = train(town, 'carol', trainers.carol, runId, { stepIn: 600_000 });
    await untilRound(backer, runId, 1, [alice, bob, carol]);
    const [{ made }] = (await backer.training.history(runId)).rounds;
    const own = accounts(town.chain);
    expect(made!.contributions.map(({ trainer }) => trainer)).to.deep.equal([own.alice.address, own.carol.address]);
    await passWindow(town);
    await Promise.all([alice.times('done'), carol.times('done')]);
    for (const pupil of [alice, bob, carol]) await pupil.stop();
    expect((await backer.training.view(runId)).state).to.equal(RunState.Completed);
  });
});
