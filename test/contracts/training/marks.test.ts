import { type RunTerms, runIdOf } from '@essaim/protocol';
import { expect } from 'chai';
import {
  connection,
  INITIAL,
  joined,
  MIEL,
  passWindow,
  running,
  staked,
  type Training,
  trainingFixture,
} from './fixture.ts';
import { convictForged, forged } from './forged.ts';
import { aggregate, average, type Made, round, settledRound } from './trainer.ts';

const { networkHelpers } = connection;
const START = { round: 0, turn: 1, tensors: INITIAL };
const DEPTH = 8;

describe('A mark of an open batch', () => {
  let system: Training;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
  });

  /** One trainer's next rounds up to a turn, each settled before the depth is full; the last eight at most stay open. */
  async function on(
    terms: RunTerms,
    by: Training['ada'],
    from: { round: number; turn: number; last: Made | null },
    to: number,
  ) {
    const made: Made[] = [];
    let { last } = from;
    let waiting: Made[] = [];
    for (let turn = from.turn; turn <= to; turn++) {
      const start = { round: from.round + turn - from.turn, turn, tensors: last?.tensors ?? INITIAL };
      last = await round(system, terms, by, start);
      made.push(last);
      waiting.push(last);
      if (waiting.length < DEPTH || turn === to) continue;
      await passWindow();
      await system.registry.settle(
        runIdOf(terms),
        waiting.map((each) => settledRound([each])),
      );
      waiting = [];
    }
    return made;
  }

  it('stands for one batch: a settled one of sixteen turns before does not close the one open in its place', async () => {
    const { registry, ada, stake, penalties } = system;
    const terms = await running(system, { rounds: 24, depth: DEPTH }, []);
    const runId = runIdOf(terms);
    await joined(system, terms, ada, 0, DEPTH);
    const made = await on(terms, ada, { round: 0, turn: 1, last: null }, 19);
    const [third, last] = [made[2], made[18]];
    expect([third.batchInfo.turn, last.batchInfo.turn]).to.deep.equal([3, 19]);
    const closedAgain = async () => {
      const { open, pending, locks } = await registry.trainer(runId, ada);
      const before = (await stake.provisionOf(ada, registry, penalties)).locked;
      await expect(registry.unlock(terms, third.batchInfo)).to.be.revertedWithCustomError(
        registry,
        'TrainingRegistry_NotOpen',
      );
      await expect(registry.drop(terms, third.batchInfo)).to.be.revertedWithCustomError(
        registry,
        'TrainingRegistry_NotRejected',
      );
      const now = await registry.trainer(runId, ada);
      expect([now.open, now.pending, now.locks]).to.deep.equal([open, pending, locks]);
      expect((await stake.provisionOf(ada, registry, penalties)).locked).to.equal(before);
    };
    await closedAgain();
    await registry.connect(ada).resign(runId);
    expect((await stake.provisionOf(ada, registry, penalties)).locked).to.equal(3_000_000n);
    await closedAgain();
    await passWindow();
    await registry.settle(
      runId,
      made.slice(16).map((each) => settledRound([each])),
    );
    expect((await stake.provisionOf(ada, registry, penalties)).locked).to.equal(0n);
    await closedAgain();
  });

  it('stands for one batch: a dependant is paid once, whatever it has open sixteen turns later', async () => {
    const { registry, ada, bob } = system;
    const terms = await running(system, { rounds: 24, depth: DEPTH }, [ada]);
    const runId = runIdOf(terms);
    const first = await round(system, terms, ada, START);
    const second = { round: 1, turn: 2, tensors: first.tensors };
    const bad = await round(system, terms, ada, second, { cheat: { inputs: forged } });
    await registry.connect(ada).resign(runId);
    await joined(system, terms, bob, 0, DEPTH);
    const dependant = await round(system, terms, bob, { round: 2, turn: 3, tensors: bad.tensors });
    await convictForged(system, terms, bad);
    await registry.drop(terms, bad.batchInfo);
    await passWindow();
    await registry.settle(runId, [settledRound([first])]);
    await registry.unlock(terms, dependant.batchInfo);
    await on(terms, bob, { round: 1, turn: 5, last: first }, 19);
    const [{ pool }, { open, dependants }] = await Promise.all([registry.sums(runId), registry.trainer(runId, bob)]);
    expect([dependants, (open >> 3n) & 1n]).to.deep.equal([1n, 1n]);
    expect(pool).to.be.at.least(terms.dependantPay);
    await expect(registry.unlock(terms, dependant.batchInfo)).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_NotOpen',
    );
    expect((await registry.sums(runId)).pool).to.equal(pool);
  });

  it('stands for one aggregation: one of sixteen turns before does not close the one open in its place', async () => {
    const { registry, ada, bob, stake, penalties } = system;
    const terms = await running(system, { seats: 2, rounds: 24, depth: DEPTH, steps: 1 }, []);
    const runId = runIdOf(terms);
    await staked(system, ada, 10_000n * MIEL);
    await joined(system, terms, ada, 0, 16);
    await joined(system, terms, bob, 1, 8);
    const wholes: Made[] = [];
    let waiting: ReturnType<typeof settledRound>[] = [];
    for (let turn = 1; turn <= 18; turn++) {
      const start = { round: turn - 1, turn, tensors: wholes.at(-1)?.tensors ?? INITIAL };
      const parts = [await round(system, terms, ada, start), await round(system, terms, bob, start, { seat: 1 })];
      const whole = await average(system, terms, ada, { ...start, nextTurn: turn + 1 }, parts);
      await aggregate(system, terms, ada, whole);
      wholes.push(whole);
      waiting.push(settledRound(parts, whole));
      if (waiting.length < DEPTH) continue;
      await passWindow();
      await registry.settle(runId, waiting);
      waiting = [];
    }
    await expect(registry.unlock(terms, wholes[1].batchInfo)).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_NotOpen',
    );
    await registry.connect(ada).resign(runId);
    const before = (await stake.provisionOf(ada, registry, penalties)).locked;
    await expect(registry.unlock(terms, wholes[1].batchInfo)).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_NotOpen',
    );
    expect((await stake.provisionOf(ada, registry, penalties)).locked).to.equal(before);
  });
});
