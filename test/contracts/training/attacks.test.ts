import {
  batchFault,
  buildFaultProof,
  checkpointFault,
  commitTensor,
  continuityFault,
  contributionProof,
  type Execution,
  omissionProof,
  type RunTerms,
  rowsOf,
  runIdOf,
  runSubject,
  STEP_FAULTS,
  type StepFault,
  scheduleFault,
  shareFault,
  stepContextFault,
  tensorFault,
  toHex,
} from '@essaim/protocol';
import { expect } from 'chai';
import {
  accused,
  BURN,
  COLUMN_LIST,
  COLUMNS,
  committed,
  connection,
  created,
  FEE,
  floats,
  funded,
  headerOf,
  INITIAL,
  joined,
  MILLI,
  PRICE,
  passWindow,
  ROWS,
  reach,
  running,
  State,
  scheduleOf,
  staked,
  type Training,
  trainingFixture,
} from './fixture.ts';
import { BATCH, TENSORS } from './programs.ts';
import {
  aggregate,
  average,
  contributionOf,
  type Made,
  round,
  settledRound,
  stepInputs,
  submit,
  train,
} from './trainer.ts';

const { ethers, networkHelpers } = connection;
const START = { round: 0, turn: 1, tensors: INITIAL };
const REJECTED = 3n;

describe('Attacks on training', () => {
  let system: Training;
  let terms: RunTerms;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
    terms = await running(system);
  });

  const faulty = (made: Made, leaf: number) => ({
    execution: made.executions[leaf],
    place: { context: made.claims[leaf].context, leaf, batch: made.batch },
  });

  async function prove(made: Made, fault: StepFault, proof: Uint8Array, of = terms) {
    const salt = await accused(system, made.batchId, proof);
    return system.faults
      .connect(system.challenger)
      .proveFault(of, made.batchInfo, made.parent, made.contributions, STEP_FAULTS[fault], toHex(proof), salt);
  }

  async function convicts(made: Made, fault: StepFault, proof: Uint8Array, of = terms) {
    await prove(made, fault, proof, of);
    expect(await system.claims.state(made.batchId)).to.equal(REJECTED);
  }

  const permits = (made: Made, fault: StepFault, proof: Uint8Array) =>
    expect(prove(made, fault, proof)).to.be.revertedWithCustomError(system.faults, 'StepFaults_NoFault');

  /** Proof about element 0 of row 0 of a column. */
  async function rowProof(made: Made, leaf: number, column = 0, of = terms) {
    const seed = await system.registry.seed(runIdOf(of));
    const { round, seat } = made.batchInfo;
    const [row] = rowsOf(of, seed, { round, seat, step: leaf });
    const opened = { tree: COLUMNS[column].tree, siblings: COLUMN_LIST.siblings(column) };
    return batchFault(faulty(made, leaf), TENSORS, { column, i: 0, element: 0, row }, opened);
  }

  it('shows no fault of an honest round', async () => {
    const made = await round(system, terms, system.ada, START);
    const schedule = scheduleOf(6);
    await permits(made, 'context', stepContextFault(made.claims, 0));
    await permits(made, 'context', stepContextFault(made.claims, 1));
    await permits(made, 'continuity', continuityFault(faulty(made, 1), 1, faulty(made, 0)));
    await permits(
      made,
      'continuity',
      tensorFault(
        faulty(made, 0),
        0,
        0,
        INITIAL.map(({ root }) => root),
      ),
    );
    await permits(made, 'checkpoint', checkpointFault(faulty(made, 1), TENSORS));
    await permits(made, 'batch', await rowProof(made, 0));
    await permits(made, 'batch', await rowProof(made, 1, 1));
    await permits(made, 'schedule', scheduleFault(faulty(made, 1), TENSORS, { step: 1, element: 0 }, schedule));
  });

  it('refuses proofs that are cut, longer, or of another batch, row or step', async () => {
    const made = await round(system, terms, system.ada, START);
    const honest = await rowProof(made, 0);
    const refused = (proof: Uint8Array, fault: StepFault = 'batch') =>
      expect(prove(made, fault, proof)).to.revert(ethers);
    await refused(honest.subarray(0, -32));
    await refused(Uint8Array.from([...honest, 0]));
    const flipped = honest.slice();
    flipped[honest.length - 1] ^= 1;
    await refused(flipped);
    await refused(checkpointFault(faulty(made, 0), TENSORS), 'checkpoint');
    await refused(shareFault(faulty(made, 0), 1), 'share');
    await expect(
      system.faults.proveFault(
        terms,
        made.batchInfo,
        made.parent,
        [],
        STEP_FAULTS.batch,
        toHex(honest),
        ethers.ZeroHash,
      ),
    ).to.be.revertedWithCustomError(system.accusations, 'Accusations_None');
    await expect(system.registry.convict(made.batchId, 0, system.challenger)).to.be.revertedWithCustomError(
      system.registry,
      'TrainingRegistry_Caller',
    );
  });

  it('back-filled checkpoints: what a round states is what its last step made', async () => {
    const wished = ethers.id('the checkpoint of a finished model');
    const made = await round(system, terms, system.ada, START, { cheat: { checkpoint: wished } });
    await convicts(made, 'checkpoint', checkpointFault(faulty(made, 1), TENSORS));
  });

  it('chosen hyper-parameters: the schedule is the one that the run fixed', async () => {
    const inputs = (step: number, own: Uint8Array[]) => own.map((it, i) => (i === 2 && step === 1 ? floats([0]) : it));
    const made = await round(system, terms, system.ada, START, { cheat: { inputs } });
    await permits(made, 'schedule', scheduleFault(faulty(made, 0), TENSORS, { step: 0, element: 0 }, scheduleOf(6)));
    await convicts(made, 'schedule', scheduleFault(faulty(made, 1), TENSORS, { step: 1, element: 0 }, scheduleOf(6)));
  });

  it('synthetic batches: rows are the data set’s', async () => {
    const inputs = (_: number, own: Uint8Array[]) => own.map((it, i) => (i === 4 ? floats([9, 9]) : it));
    const made = await round(system, terms, system.ada, START, { cheat: { inputs } });
    await convicts(made, 'batch', await rowProof(made, 0, 1));
  });

  it('skipped steps: a batch has all of its round’s steps, and each continues the one before it', async () => {
    const short = await train(system, terms, system.ada, START, { cheat: { count: 1 } });
    await expect(submit(system, terms, system.ada, short)).to.be.revertedWithCustomError(
      system.registry,
      'TrainingRegistry_Count',
    );
    const inputs = (step: number, own: Uint8Array[]) =>
      step === 1 ? [...INITIAL.map(({ bytes }) => bytes), ...own.slice(2)] : own;
    const made = await round(system, terms, system.ada, START, { cheat: { inputs } });
    await convicts(made, 'continuity', continuityFault(faulty(made, 1), 0, faulty(made, 0)));
  });

  it('re-used steps of another run: a claim names its run, round, turn, seat and trainer', async () => {
    const stated = (batch: Made['batchInfo']) => ({ ...batch, round: batch.round + 1 });
    const made = await round(system, terms, system.ada, START, { cheat: { stated } });
    expect(runSubject(runIdOf(terms), made.batchInfo)).to.not.equal(runSubject(runIdOf(terms), stated(made.batchInfo)));
    await convicts(made, 'context', stepContextFault(made.claims, 1));
  });

  it('data order chosen after the fact: the rows of a step follow from the seed', async () => {
    const seed = await system.registry.seed(runIdOf(terms));
    const inputs = (step: number, own: Uint8Array[]) =>
      stepInputs(terms, seed, { round: 1, seat: 0, step }, own.slice(0, 2)).map((it, i) => (i === 2 ? own[2] : it));
    const made = await round(system, terms, system.ada, START, { cheat: { inputs } });
    await convicts(made, 'batch', await rowProof(made, 0));
  });

  it('a checkpoint swapped between rounds: a round begins from what the one before it stated', async () => {
    const first = await round(system, terms, system.ada, START);
    const other = [committed([2, 1], [1, 1]), committed([1], [1])];
    const inputs = (step: number, own: Uint8Array[]) =>
      step === 0 ? [...other.map(({ bytes }) => bytes), ...own.slice(2)] : own;
    const made = await round(
      system,
      terms,
      system.ada,
      { round: 1, turn: 2, tensors: first.tensors },
      { cheat: { inputs } },
    );
    const roots = first.tensors.map(({ root }) => root);
    await convicts(made, 'continuity', tensorFault(faulty(made, 0), 1, 0, roots));
  });

  it('a copied update by another trainer: each seat has rows of its own', async () => {
    const two = await running(system, { seats: 2 }, [system.ada, system.bob]);
    const first = await round(system, two, system.ada, START);
    const seed = await system.registry.seed(runIdOf(two));
    const inputs = (step: number, own: Uint8Array[]) =>
      stepInputs(two, seed, { round: 0, seat: 0, step }, own.slice(0, 2));
    const copy = await round(system, two, system.bob, START, { seat: 1, cheat: { inputs } });
    expect(copy.batchInfo.checkpoint).to.equal(first.batchInfo.checkpoint);
    await convicts(copy, 'batch', await rowProof(copy, 0, 0, two), two);
  });

  it('a lazy trainer that interpolates, and one wrong element of a gradient, are convicted by the referee', async () => {
    const { program } = (await train(system, terms, system.ada, START)).executions[0];
    const gradient = program.operators.findLastIndex(({ name }) => name === 'MatMul');
    const value = program.operators[gradient].firstValue;
    const execution = (step: number, own: Execution): Execution => {
      if (step !== 1) return own;
      const { type, bytes } = own.values[value]!;
      const wrong = new Float32Array(bytes.slice().buffer);
      wrong[1] *= 0.5;
      const values = own.values.map((it, i) => (i === value ? commitTensor(type, floats(wrong)) : it));
      return { ...own, values };
    };
    const made = await round(system, terms, system.ada, START, { cheat: { execution } });
    const own = faulty(made, 1);
    const { proof } = buildFaultProof(own.execution, own.place, { op: gradient, output: 0, element: 1 });
    const salt = await accused(system, made.batchId, proof);
    await system.referee.connect(system.challenger).proveFault(made.batchId, toHex(proof), salt);
    expect(await system.claims.state(made.batchId)).to.equal(REJECTED);
  });

  it('H14: a run’s seed comes from a block after its whole budget is locked', async () => {
    const { registry, escrow, backer } = system;
    const run = await created(system);
    expect((await registry.run(runIdOf(run))).state).to.equal(State.Funding);
    await expect(registry.draw(run)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_State');
    await expect(registry.connect(backer).funded(runIdOf(run))).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Caller',
    );
    await escrow.connect(backer).fund(run, 10n ** 17n);
    const { drawn } = await registry.sums(runIdOf(run));
    expect(drawn).to.be.greaterThan(BigInt(await ethers.provider.getBlockNumber()));
    await expect(escrow.connect(backer).refund(run, backer)).to.be.revertedWithCustomError(escrow, 'RunEscrow_State');
  });

  it('H16: an expired draw voids the run at a price, and is never drawn again', async () => {
    const { registry, escrow, randomness, backer, initiator, token } = system;
    const run = await funded(system);
    const { drawn } = await registry.sums(runIdOf(run));
    await reach(drawn);
    const header = await headerOf(drawn);
    await networkHelpers.mine(8_192);
    await expect(randomness.record(drawn, header)).to.be.revertedWithCustomError(randomness, 'Randomness_NoHash');
    await registry.draw(run);
    expect((await registry.run(runIdOf(run))).state).to.equal(State.Void);
    const budget = 6n * FEE + PRICE;
    const burned = (budget * 500n) / 10_000n;
    expect([...(await escrow.left(run))]).to.deep.equal([budget - burned, burned]);
    await escrow.refund(run, backer);
    await escrow.refund(run, initiator);
    await escrow.burn(run);
    expect(await escrow.owed(token, BURN)).to.equal(burned);
    await expect(registry.draw(run)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_State');
  });

  it('a round that is taken back while the next one is on its way convicts nobody, and whoever has the seat then trains on', async () => {
    const { registry, ada, bob } = system;
    const one = await running(system, { rounds: 3, depth: 3 }, [ada]);
    const runId = runIdOf(one);
    const inputs = (_: number, own: Uint8Array[]) => own.map((it, i) => (i === 4 ? floats([9, 9]) : it));
    const first = await round(system, one, ada, START);
    const bad = await round(system, one, ada, { round: 1, turn: 2, tensors: first.tensors }, { cheat: { inputs } });
    await registry.connect(ada).resign(runId);
    await joined(system, one, bob, 0);
    const dependant = await train(system, one, bob, { round: 2, turn: 3, tensors: bad.tensors });
    await convicts(bad, 'batch', await rowProof(bad, 0, 1, one), one);
    await submit(system, one, bob, dependant);
    await registry.drop(one, bad.batchInfo);
    const { turn } = await registry.run(runId);
    expect(turn).to.equal(5n);
    expect(await registry.start(runId, turn)).to.equal(await registry.start(runId, 2));
    const late = await train(system, one, bob, { round: 2, turn: 3, tensors: bad.tensors });
    await expect(submit(system, one, bob, late)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_Turn');
    const again = await round(system, one, bob, { round: 1, turn: 5, tensors: first.tensors });
    expect((await registry.run(runId)).round).to.equal(2n);
    expect(await registry.stands(runId, again.batchInfo)).to.equal(true);
    expect(await registry.stands(runId, dependant.batchInfo)).to.equal(false);
  });

  it('H14: rounds that stood on a rejected one are paid from it, and the run goes on from the last good checkpoint', async () => {
    const { registry, escrow, ada, bob, trainers, miel, penalties, stake, claims } = system;
    const [eve] = trainers;
    await staked(system, eve);
    const two = await running(system, { seats: 2, rounds: 2, depth: 2 }, [ada, eve]);
    const runId = runIdOf(two);
    const inputs = (_: number, own: Uint8Array[]) => own.map((it, i) => (i === 4 ? floats([9, 9]) : it));
    const good = await round(system, two, ada, START);
    const bad = await round(system, two, eve, START, { seat: 1, cheat: { inputs } });
    const mean = await average(system, two, ada, { ...START, nextTurn: 2 }, [good, bad]);
    await aggregate(system, two, ada, mean);
    const dependant = await round(system, two, ada, { round: 1, turn: 2, tensors: mean.tensors });

    await convicts(bad, 'batch', await rowProof(bad, 0, 1, two), two);
    await expect(registry.unlock(two, dependant.batchInfo)).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_NotFinal',
    );
    await registry.drop(two, bad.batchInfo);
    await expect(registry.drop(two, bad.batchInfo)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_NotOpen');
    expect((await registry.run(runId)).round).to.equal(0n);
    expect((await registry.sums(runId)).pool).to.equal(200_000n);
    const eves = await stake.provisionOf(eve, registry, penalties);
    expect([eves.tokens, eves.locked]).to.deep.equal([9_000_000n, 0n]);
    await expect(joined(system, two, eve, 1)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_NotAllowed');

    await joined(system, two, bob, 1);
    const instead = await round(system, two, bob, START, { seat: 1 });
    const again = await average(system, two, bob, { ...START, nextTurn: 4 }, [good, instead]);
    await aggregate(system, two, bob, again);
    const last = { round: 1, turn: 4, tensors: again.tensors };
    const ends = [await round(system, two, ada, last), await round(system, two, bob, last, { seat: 1 })];
    const final = await average(system, two, bob, { ...last, nextTurn: 5 }, ends);
    await aggregate(system, two, bob, final);
    await passWindow();
    expect(await claims.state(dependant.batchId)).to.equal(2n);
    await registry.unlock(two, dependant.batchInfo);
    await registry.unlock(two, mean.batchInfo);
    await expect(registry.unlock(two, good.batchInfo)).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_InRun',
    );
    await expect(registry.unlock(two, dependant.batchInfo)).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_NotOpen',
    );
    await registry.settle(runId, [settledRound([good, instead], again), settledRound(ends, final)]);
    await registry.close(runId);
    await expect(escrow.withdraw(two, ada)).to.changeTokenBalance(ethers, miel, ada, 2_000n * MILLI);
    await networkHelpers.time.increase(31 * 86_400);
    for (const backer of [system.backer, system.initiator]) await escrow.compensate(two, backer);
    expect(await miel.balanceOf(escrow)).to.be.lessThan(2n);
  });

  it('a listed contribution that nobody submitted convicts the aggregation', async () => {
    const { registry, faults, ada, bob, challenger, claims } = system;
    const two = await running(system, { seats: 2 }, [ada, bob]);
    const first = await round(system, two, ada, START);
    const invented = await train(system, two, bob, START, { seat: 1 });
    const mean = await average(system, two, ada, { ...START, nextTurn: 2 }, [first, invented]);
    await aggregate(system, two, ada, mean);
    const named = async (index: number) => {
      const salt = await accused(system, mean.batchId, contributionProof(index));
      return faults
        .connect(challenger)
        .proveContribution(runIdOf(two), mean.batchInfo, [first, invented].map(contributionOf), index, salt);
    };
    await expect(named(0)).to.be.revertedWithCustomError(faults, 'StepFaults_NoFault');
    await named(1);
    expect(await claims.state(mean.batchId)).to.equal(REJECTED);
    await registry.drop(two, mean.batchInfo);
    expect((await registry.run(runIdOf(two))).round).to.equal(0n);
  });

  it('a contribution left out of an aggregation convicts it, if it came early enough', async () => {
    const { faults, ada, bob, challenger, claims } = system;
    const two = await running(system, { seats: 2 }, [ada, bob]);
    const first = await round(system, two, ada, START);
    const second = await round(system, two, bob, START, { seat: 1 });
    await networkHelpers.time.increase(two.roundSeconds + 1);
    const mean = await average(system, two, ada, { ...START, nextTurn: 2 }, [first]);
    await aggregate(system, two, ada, mean);
    const omitted = async (made: Made) => {
      const salt = await accused(system, mean.batchId, omissionProof(contributionOf(made)));
      const by = faults.connect(challenger);
      return by.proveOmission(two, mean.batchInfo, mean.contributions, contributionOf(made), salt);
    };
    await expect(omitted(first)).to.be.revertedWithCustomError(faults, 'StepFaults_NoFault');
    await omitted(second);
    expect(await claims.state(mean.batchId)).to.equal(REJECTED);
  });

  it('an aggregation takes in what was contributed, at its weight, from the round’s own base', async () => {
    const faults: [StepFault, number, (made: Made, parts: Made[]) => Uint8Array][] = [
      [
        'base',
        2,
        (made) =>
          tensorFault(
            faulty(made, 1),
            0,
            1,
            INITIAL.map(({ root }) => root),
          ),
      ],
      [
        'update',
        4,
        (made, parts) =>
          tensorFault(
            faulty(made, 1),
            0,
            2,
            parts[1].tensors.map(({ root }) => root),
          ),
      ],
      ['continuity', 0, (made) => continuityFault(faulty(made, 1), 0, faulty(made, 0))],
      ['share', 6, (made) => shareFault(faulty(made, 1), TENSORS)],
    ];
    for (const [fault, input, proof] of faults) {
      const { ada, bob } = system;
      const two = await running(system, { seats: 2 }, [ada, bob]);
      const parts = [await round(system, two, ada, START), await round(system, two, bob, START, { seat: 1 })];
      const inputs = (leaf: number, own: Uint8Array[]) =>
        own.map((it, i) => (leaf === 1 && i === input ? floats(new Float32Array(it.slice().buffer).map(() => 7)) : it));
      const made = await average(system, two, bob, { ...START, nextTurn: 2 }, parts, { inputs });
      await aggregate(system, two, bob, made);
      await convicts(made, fault, proof(made, parts), two);
      system = await networkHelpers.loadFixture(trainingFixture);
    }
  });

  it('C5: convicting oneself pays less than it costs, and no dependant’s part', async () => {
    const { registry, ada, stake, penalties } = system;
    const inputs = (_: number, own: Uint8Array[]) => own.map((it, i) => (i === 4 ? floats([9, 9]) : it));
    const bad = await round(system, terms, ada, START, { cheat: { inputs } });
    const later = await round(system, terms, ada, { round: 1, turn: 2, tensors: bad.tensors });
    const proof = await rowProof(bad, 0, 1);
    const salt = await accused(system, bad.batchId, proof, ada);
    await system.faults
      .connect(ada)
      .proveFault(terms, bad.batchInfo, bad.parent, [], STEP_FAULTS.batch, toHex(proof), salt);
    await registry.drop(terms, bad.batchInfo);
    expect(await stake.credit(ada)).to.equal(0n);
    await passWindow();
    await registry.unlock(terms, later.batchInfo);
    const { dependants, pending, locks } = await registry.trainer(runIdOf(terms), ada);
    expect([dependants, pending, locks]).to.deep.equal([0n, 0n, 0n]);
    expect((await stake.provisionOf(ada, registry, penalties)).tokens).to.equal(9_000_000n);
  });

  it('no order repeats a row within an epoch', async () => {
    const seed = await system.registry.seed(runIdOf(terms));
    const order = Array.from({ length: ROWS }, (_, i) => i);
    const rows = await Promise.all(order.map((i) => system.faults.rowAt(seed, i, ROWS)));
    expect(rows.map(Number).sort((a, b) => a - b)).to.deep.equal(order);
    expect(rowsOf({ ...terms, batch: BATCH }, seed, { round: 0, seat: 0, step: 1 })).to.deep.equal(
      rows.slice(2, 4).map(Number),
    );
  });
});
