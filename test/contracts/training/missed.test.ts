import { checkpointRoot, type RunTerms, runIdOf } from '@essaim/protocol';
import { expect } from 'chai';
import { committed, connection, type Training, trainingFixture } from './fixture.ts';
import { commit, drawn, type Score, scoredContribution, scoredRun, scoreOf, show } from './scored.ts';
import { aggregate, average } from './trainer.ts';

const { networkHelpers } = connection;
const model = (a: number, b: number, bias: number) => [committed([2, 1], [a, b]), committed([1], [bias])];
const BEGIN = model(50, -50, 20);
const GOOD = model(0.5, -0.25, 0.125);
const CHANGES = { checkpoint: checkpointRoot(BEGIN), steps: 100, rounds: 2, depth: 2 };
/** Of a provision, in milli-MIEL: what it began with, a lock, and what lateness costs of one. */
const WHOLE = 10_000_000n;
const LOCK = 1_000_000n;
const LATENESS = 100_000n;
/** Locks of every trainer. */
const LOCKS = 4n;

describe('A commitment to an update that is not shown', () => {
  let system: Training;
  let terms: RunTerms;
  let runId: string;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
    terms = await scoredRun(system, [system.ada, system.bob], CHANGES);
    runId = runIdOf(terms);
    for (const trainer of [system.ada, system.bob]) await commit(system, terms, trainer, checkpointRoot(GOOD));
  });

  const stakeOf = async () => {
    const { tokens, locked } = await system.stake.provisionOf(system.bob, system.registry, system.penalties);
    return [tokens, locked];
  };
  const pass = () => networkHelpers.time.increase(terms.roundSeconds + 1);
  const miss = () => system.scores.connect(system.other).miss(terms, 1, 1);
  const holder = async () => (await system.registry.seat(runId, 1)).holder;

  async function shown(): Promise<Score> {
    const score = await scoreOf(system, terms, system.ada, { round: 0, turn: 1, seat: 0 }, BEGIN, GOOD);
    await show(system, terms, system.ada, score);
    return score;
  }

  async function aggregated(score: Score): Promise<void> {
    const listed = [scoredContribution(score, 2 * terms.steps)];
    const begin = { round: 0, turn: 1, tensors: BEGIN, nextTurn: 2 };
    await aggregate(system, terms, system.ada, await average(system, terms, system.ada, begin, [score], { listed }));
  }

  it('costs its trainer the seat and a share of a lock, once its time is over', async () => {
    await drawn(system, terms);
    await shown();
    const early = expect(miss()).to.be.revertedWithCustomError(system.scores, 'ScoredRounds_Phase');
    await early;
    await pass();
    await expect(miss()).to.emit(system.scores, 'Missed').withArgs(runId, 1, 1, system.bob.address, true);
    expect(await stakeOf()).to.deep.equal([WHOLE - LATENESS, 0n]);
    expect(BigInt(await holder())).to.equal(0n);
    await expect(miss()).to.be.revertedWithCustomError(system.scores, 'ScoredRounds_Commitment');
    await expect(system.scores.miss(terms, 1, 0)).to.be.revertedWithCustomError(
      system.scores,
      'ScoredRounds_Commitment',
    );
  });

  it('costs the same after the run went on', async () => {
    await drawn(system, terms);
    const score = await shown();
    await pass();
    await aggregated(score);
    expect((await system.registry.run(runId)).turn).to.equal(2n);
    await miss();
    expect(await stakeOf()).to.deep.equal([WHOLE - LATENESS, 0n]);
  });

  it('costs the same where its trainer gave the seat up, whose lock stays until then', async () => {
    await system.registry.connect(system.bob).resign(runId);
    expect(await stakeOf()).to.deep.equal([WHOLE, LOCK]);
    await drawn(system, terms);
    await pass();
    await miss();
    expect(await stakeOf()).to.deep.equal([WHOLE - LATENESS, 0n]);
    const { pending, locks } = await system.registry.trainer(runId, system.bob);
    expect([pending, locks]).to.deep.equal([0n, 0n]);
  });

  it('costs the same after the round began again, and waits for the value that names the rows', async () => {
    const { drawn: block } = await system.scores.phase(runId, 1);
    await pass();
    await expect(miss()).to.be.revertedWithCustomError(system.scores, 'ScoredRounds_Phase');
    await system.scores.again(terms);
    await expect(miss()).to.be.revertedWithCustomError(system.scores, 'ScoredRounds_Phase');
    expect(block).to.not.equal(0n);
    await drawn(system, terms);
    await miss();
    expect(await stakeOf()).to.deep.equal([WHOLE - LATENESS, 0n]);
  });

  it('costs nothing where the block that names the rows was never recorded: its lock is free again', async () => {
    await networkHelpers.mine(8_300);
    await pass();
    await expect(miss()).to.emit(system.scores, 'Missed').withArgs(runId, 1, 1, system.bob.address, false);
    expect(await stakeOf()).to.deep.equal([WHOLE, LOCKS * LOCK]);
    expect(await holder()).to.equal(system.bob.address);
    expect((await system.registry.trainer(runId, system.bob)).pending).to.equal(0n);
  });

  it('costs nothing where the run was stopped before', async () => {
    await networkHelpers.time.increaseTo(terms.deadline + 1);
    await system.registry.stop(terms);
    await miss();
    expect(await stakeOf()).to.deep.equal([WHOLE, LOCKS * LOCK]);
  });

  it('has a lock of its own: no other batch can take it', async () => {
    const { locks, pending } = await system.registry.trainer(runId, system.bob);
    expect([locks, pending]).to.deep.equal([LOCKS, 1n]);
    await drawn(system, terms);
    await shown();
    expect((await system.registry.trainer(runId, system.ada)).pending).to.equal(1n);
  });
});

describe('A trainer that commits to nothing', () => {
  it('can be vacated after the draw too, unless it joined within the time to commit', async () => {
    const system = await networkHelpers.loadFixture(trainingFixture);
    const { registry, scores, ada, bob } = system;
    const terms = await scoredRun(system, [ada, bob], CHANGES);
    const runId = runIdOf(terms);
    await commit(system, terms, ada, checkpointRoot(GOOD));
    await networkHelpers.time.increase(terms.roundSeconds - 100);
    await registry.connect(bob).resign(runId);
    await registry.connect(bob).join(terms, 1, 1, 0, '0x');
    await networkHelpers.time.increase(200);
    await scores.draw(terms);
    await networkHelpers.time.increase(terms.roundSeconds);
    await expect(registry.vacate(runId, 1)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_NotLate');
    await expect(registry.vacate(runId, 0)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_NotLate');
  });
});
