import {
  contributionProof,
  type RunTerms,
  runIdOf,
  STEP_FAULTS,
  shareFault,
  stepContextFault,
  toHex,
} from '@essaim/protocol';
import { expect } from 'chai';
import {
  accused,
  connection,
  floats,
  INITIAL,
  joined,
  passWindow,
  running,
  staked,
  type Training,
  trainingFixture,
} from './fixture.ts';
import { convictForged, forged } from './forged.ts';
import { TENSORS } from './programs.ts';
import { aggregate, average, contributionOf, type Made, round, settledRound } from './trainer.ts';

const { networkHelpers } = connection;
const START = { round: 0, turn: 1, tensors: INITIAL };

describe('An aggregation in flight', () => {
  let system: Training;
  let terms: RunTerms;
  let first: Made;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
    terms = await running(system, { seats: 2, rounds: 1, depth: 2 }, [system.ada, system.bob]);
    first = await round(system, terms, system.ada, START);
  });

  const refused = (made: Made, nextTurn: number) =>
    expect(aggregate(system, terms, system.ada, made))
      .to.be.revertedWithCustomError(system.registry, 'TrainingRegistry_NextTurn')
      .withArgs(nextTurn);

  /** Tries to convict the first claim of an aggregation of being about something else. */
  async function accusedOfContext(made: Made) {
    const proof = stepContextFault(made.claims, 0);
    const salt = await accused(system, made.batchId, proof);
    const { faults, challenger } = system;
    return faults
      .connect(challenger)
      .proveFault(terms, made.batchInfo, made.parent, made.contributions, STEP_FAULTS.context, toHex(proof), salt);
  }

  it('is refused once the same round was aggregated and taken back, and convicts nobody', async () => {
    const { registry, faults, challenger, ada, bob } = system;
    const parts = [first, await round(system, terms, bob, START, { seat: 1 })];
    const flying = await average(system, terms, ada, { ...START, nextTurn: 2 }, parts);
    const heavier = (leaf: number, own: Uint8Array[]) => own.map((it, i) => (leaf === 1 && i === 6 ? floats([7]) : it));
    const wrong = await average(system, terms, bob, { ...START, nextTurn: 2 }, parts, { inputs: heavier });
    await aggregate(system, terms, bob, wrong);
    const shown = { execution: wrong.executions[1], place: { ...wrong.claims[1], leaf: 1, batch: wrong.batch } };
    const proof = shareFault(shown, TENSORS);
    const salt = await accused(system, wrong.batchId, proof);
    const by = faults.connect(challenger);
    await by.proveFault(
      ...([terms, wrong.batchInfo, wrong.parent, wrong.contributions, STEP_FAULTS.share, toHex(proof), salt] as const),
    );
    await registry.drop(terms, wrong.batchInfo);
    expect((await registry.run(runIdOf(terms))).turn).to.equal(1n);
    await refused(flying, 3);

    const again = await average(system, terms, ada, { ...START, nextTurn: 3 }, parts);
    await aggregate(system, terms, ada, again);
    expect(await registry.stands(runIdOf(terms), again.batchInfo)).to.equal(true);
    await expect(accusedOfContext(again)).to.be.revertedWithCustomError(faults, 'StepFaults_NoFault');
    await passWindow();
    await registry.settle(runIdOf(terms), [settledRound(parts, again)]);
  });

  it('is refused once a batch that it lists was dropped, and convicts nobody', async () => {
    const { registry, faults, ada, bob, trainers } = system;
    const bad = await round(system, terms, bob, START, { seat: 1, cheat: { inputs: forged } });
    const flying = await average(system, terms, ada, { ...START, nextTurn: 2 }, [first, bad]);
    await convictForged(system, terms, bad);
    await registry.drop(terms, bad.batchInfo);
    await refused(flying, 3);
    const { round: number, turn } = await registry.run(runIdOf(terms));
    expect([number, turn]).to.deep.equal([0n, 1n]);

    const [eve] = trainers;
    await staked(system, eve);
    await joined(system, terms, eve, 1);
    const parts = [first, await round(system, terms, eve, START, { seat: 1 })];
    const again = await average(system, terms, ada, { ...START, nextTurn: 3 }, parts);
    await aggregate(system, terms, ada, again);
    await expect(accusedOfContext(again)).to.be.revertedWithCustomError(faults, 'StepFaults_NoFault');
    await passWindow();
    await registry.settle(runIdOf(terms), [settledRound(parts, again)]);
  });

  it('is no fault where a batch that it lists was rejected but not dropped before it', async () => {
    const { registry, faults, challenger, ada, bob } = system;
    const bad = await round(system, terms, bob, START, { seat: 1, cheat: { inputs: forged } });
    const flying = await average(system, terms, ada, { ...START, nextTurn: 2 }, [first, bad]);
    await convictForged(system, terms, bad);
    await aggregate(system, terms, ada, flying);
    const listed = async () => {
      const salt = await accused(system, flying.batchId, contributionProof(1));
      const of = [first, bad].map(contributionOf);
      return faults.connect(challenger).proveContribution(runIdOf(terms), flying.batchInfo, of, 1, salt);
    };
    await expect(listed()).to.be.revertedWithCustomError(faults, 'StepFaults_NoFault');
    await registry.drop(terms, bad.batchInfo);
    await expect(listed()).to.be.revertedWithCustomError(faults, 'StepFaults_NoFault');
    await expect(accusedOfContext(flying)).to.be.revertedWithCustomError(faults, 'StepFaults_NoFault');
    await refused(await average(system, terms, ada, { ...START, nextTurn: 2 }, [first]), 4);
  });
});
