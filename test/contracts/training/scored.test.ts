import {
  batchFault,
  checkpointRoot,
  gainOf,
  type RunTerms,
  runIdOf,
  STEP_FAULTS,
  type StepFault,
  scoredUpdateFault,
  scoreRows,
  stepContextFault,
  stepsOf,
  type Tensor,
  tensorFault,
  toHex,
  updateCommitment,
} from '@essaim/protocol';
import { expect } from 'chai';
import {
  accused,
  COLUMN_LIST,
  COLUMNS,
  committed,
  connection,
  created,
  FEE,
  floats,
  passWindow,
  SCORE,
  type Training,
  trainingFixture,
} from './fixture.ts';
import { TENSORS } from './programs.ts';
import { commit, drawn, SALT, type Score, scoredContribution, scoredRun, scoreOf, show } from './scored.ts';
import { aggregate, average, submit, train } from './trainer.ts';

const { ethers, networkHelpers } = connection;
const model = (a: number, b: number, bias: number) => [committed([2, 1], [a, b]), committed([1], [bias])];
/** A poor beginning, an update far better, one somewhat better, one worse. */
const BEGIN = model(50, -50, 20);
const GOOD = model(0.5, -0.25, 0.125);
const FAIR = model(25, -25, 10);
const WORSE = model(500, -500, 200);
const START = { round: 0, turn: 1, tensors: BEGIN };
const CHANGES = { checkpoint: checkpointRoot(BEGIN), steps: 100, rounds: 1 };
const net = (amount: bigint) => amount - (amount * 200n) / 10_000n;

describe('Private shards', () => {
  let system: Training;
  let terms: RunTerms;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
    terms = await scoredRun(system, [system.ada, system.bob], CHANGES);
  });

  /** Commits both trainers to their updates, draws the rows, makes their scores. */
  async function scores(updates: Tensor[][], inputs?: Parameters<typeof scoreOf>[6], turn = 1): Promise<Score[]> {
    const trainers = [system.ada, system.bob];
    for (const [i, trainer] of trainers.entries()) {
      await commit(system, terms, trainer, checkpointRoot(updates[i]), turn);
    }
    await drawn(system, terms, turn);
    const made: Score[] = [];
    for (const [seat, trainer] of trainers.entries()) {
      const change = seat === 1 ? inputs : undefined;
      made.push(await scoreOf(system, terms, trainer, { round: 0, turn, seat }, BEGIN, updates[seat], change));
    }
    return made;
  }

  const both = async (made: Score[]) => {
    await show(system, terms, system.ada, made[0]);
    await show(system, terms, system.bob, made[1]);
  };

  it('are paid and weighed by what their updates improve on rows that are drawn after they were committed to', async () => {
    const { registry, escrow, scores: contract, ada, bob, token } = system;
    const runId = runIdOf(terms);
    const made = await scores([GOOD, FAIR]);
    await both(made);
    const gains = made.map(({ losses: [before, later] }) => gainOf(before, later));
    const sum = gains[0] + gains[1];
    expect((await contract.phase(runId, 1)).sum).to.equal(BigInt(sum));
    const steps = gains.map((gain) => stepsOf(gain, sum, terms));
    expect(steps[0]).to.be.greaterThan(steps[1]);
    const listed = made.map((score, i) => scoredContribution(score, steps[i]));
    const whole = await average(system, terms, ada, { ...START, nextTurn: 2 }, made, { listed });
    for (const wrong of [[listed[0]], [listed[0], { ...listed[1], count: steps[1] + 1 }], [...listed].reverse()]) {
      await expect(aggregate(system, terms, ada, { ...whole, contributions: wrong })).to.be.revertedWithCustomError(
        contract,
        'ScoredRounds_Contribution',
      );
    }
    await aggregate(system, terms, ada, whole);
    await passWindow();
    const round = { aggregator: ada.address, checkpoint: whole.batchInfo.checkpoint, contributions: listed };
    await registry.settle(runId, [round]);
    await registry.close(runId);
    const paid = [BigInt(steps[0]) * FEE + terms.aggregationFee, BigInt(steps[1]) * FEE];
    await expect(escrow.withdraw(terms, ada)).to.changeTokenBalance(ethers, token, ada, net(paid[0]));
    await expect(escrow.withdraw(terms, bob)).to.changeTokenBalance(ethers, token, bob, net(paid[1]));
    expect((await registry.trainer(runId, bob)).pending).to.equal(0n);
  });

  it('H14: invented data that does not improve the loss on held-out rows earns nothing', async () => {
    const { registry, scores: contract, ada, bob } = system;
    const runId = runIdOf(terms);
    const made = await scores([GOOD, WORSE]);
    await both(made);
    expect((await contract.update(runId, 1, 1)).gain).to.equal(0n);
    // all the gain is one seat's: at most twice what a seat could do
    const listed = [scoredContribution(made[0], 2 * terms.steps)];
    const whole = await average(system, terms, ada, { ...START, nextTurn: 2 }, [made[0]], { listed });
    const greedy = [...listed, scoredContribution(made[1], 1)];
    await expect(aggregate(system, terms, bob, { ...whole, contributions: greedy })).to.be.revertedWithCustomError(
      contract,
      'ScoredRounds_Contribution',
    );
    await aggregate(system, terms, ada, whole);
    await passWindow();
    await registry.settle(runId, [
      { aggregator: ada.address, checkpoint: whole.batchInfo.checkpoint, contributions: listed },
    ]);
    await registry.unlock(terms, made[1].batchInfo);
    const { steps, pending } = await registry.trainer(runId, bob);
    expect([steps, pending]).to.deep.equal([0n, 0n]);
    expect((await registry.sums(runId)).earned).to.equal(BigInt(2 * terms.steps));
  });

  it('begin a round once more where nothing improved, or a loss is not finite', async () => {
    const { registry, scores: contract } = system;
    const made = await scores([WORSE, model(Number.POSITIVE_INFINITY, 0, 0)]);
    await expect(contract.again(terms)).to.be.revertedWithCustomError(contract, 'ScoredRounds_Phase');
    await both(made);
    await contract.again(terms);
    const { round, turn, seats } = await registry.run(runIdOf(terms));
    expect([round, turn, seats]).to.deep.equal([0n, 2n, 2n]);
    await both(await scores([GOOD, FAIR], undefined, 2));
    expect((await contract.phase(runIdOf(terms), 2)).scored).to.equal(2n);
  });

  it('a copied update: what another committed to is no commitment of one’s own, and none changes after the draw', async () => {
    const { scores: contract, ada, bob } = system;
    const runId = runIdOf(terms);
    const commitment = updateCommitment(runId, 1, ada.address, checkpointRoot(GOOD), SALT);
    await contract.connect(ada).commit(terms, commitment);
    await expect(contract.connect(ada).commit(terms, commitment)).to.be.revertedWithCustomError(
      system.registry,
      'TrainingRegistry_Submitted',
    );
    await expect(contract.draw(terms)).to.be.revertedWithCustomError(contract, 'ScoredRounds_Phase');
    await contract.connect(bob).commit(terms, commitment);
    await drawn(system, terms);
    const copy = await scoreOf(system, terms, bob, { round: 0, turn: 1, seat: 1 }, BEGIN, GOOD);
    const refused = { contract, name: 'ScoredRounds_Commitment' };
    await expect(show(system, terms, bob, copy)).to.be.revertedWithCustomError(refused.contract, refused.name);
    const other = await scoreOf(system, terms, ada, { round: 0, turn: 1, seat: 0 }, BEGIN, FAIR);
    await expect(show(system, terms, ada, other)).to.be.revertedWithCustomError(refused.contract, refused.name);
    const own = await scoreOf(system, terms, ada, { round: 0, turn: 1, seat: 0 }, BEGIN, GOOD);
    await show(system, terms, ada, own);
    await expect(show(system, terms, ada, own)).to.be.revertedWithCustomError(refused.contract, refused.name);
  });

  it('go on without a trainer that commits to nothing or shows nothing, and take no score before the draw or late', async () => {
    const { scores: contract, ada, bob, registry } = system;
    await commit(system, terms, ada, checkpointRoot(GOOD));
    await networkHelpers.time.increase(terms.roundSeconds + 1);
    await contract.draw(terms);
    await expect(commit(system, terms, bob, checkpointRoot(FAIR))).to.be.revertedWithCustomError(
      contract,
      'ScoredRounds_Phase',
    );
    await registry.vacate(runIdOf(terms), 1);
    const early = await scoreOf(system, terms, ada, { round: 0, turn: 1, seat: 0 }, BEGIN, GOOD);
    await expect(show(system, terms, ada, early)).to.be.revertedWithCustomError(contract, 'ScoredRounds_Phase');
    await drawn(system, terms);
    const made = await scoreOf(system, terms, ada, { round: 0, turn: 1, seat: 0 }, BEGIN, GOOD);
    await networkHelpers.time.increase(terms.roundSeconds + 1);
    await expect(show(system, terms, ada, made)).to.be.revertedWithCustomError(contract, 'ScoredRounds_Phase');
    await contract.again(terms);
  });

  const faulty = (made: Score, leaf: number) => ({
    execution: made.executions[leaf],
    place: { context: made.claims[leaf].context, leaf, batch: made.batch },
  });
  const rowProof = async (made: Score, leaf: number) => {
    const [row] = scoreRows(terms, await system.scores.seed(runIdOf(terms), 1));
    const column = { tree: COLUMNS[1].tree, siblings: COLUMN_LIST.siblings(1) };
    return batchFault(faulty(made, leaf), TENSORS, { column: 1, i: 0, element: 0, row }, column, TENSORS);
  };
  async function prove(made: Score, fault: StepFault, proof: Uint8Array) {
    const salt = await accused(system, made.batchId, proof);
    return system.faults
      .connect(system.challenger)
      .proveFault(terms, made.batchInfo, made.parent, [], STEP_FAULTS[fault], toHex(proof), salt);
  }
  const began = BEGIN.map(({ root }) => root);

  it('show no fault of an honest score', async () => {
    const made = await scores([GOOD, FAIR]);
    await both(made);
    const [own] = made;
    const permits = (fault: StepFault, proof: Uint8Array, name = 'StepFaults_NoFault') =>
      expect(prove(own, fault, proof)).to.be.revertedWithCustomError(system.faults, name);
    for (const leaf of [0, 1]) {
      await permits('context', stepContextFault(own.claims, leaf));
      await permits('batch', await rowProof(own, leaf));
    }
    await permits('continuity', tensorFault(faulty(own, 0), 1, 0, began));
    await permits('checkpoint', scoredUpdateFault(faulty(own, 1), TENSORS));
    await permits('checkpoint', scoredUpdateFault(faulty(own, 0), TENSORS), 'StepFaults_Proof');
    await permits('schedule', await rowProof(own, 0), 'StepFaults_Proof');
  });

  it('convict a score of other rows, of another beginning, and of what was not committed to; its gain is struck', async () => {
    const sevens = (it: Uint8Array) => floats(new Float32Array(it.slice().buffer).map(() => 7));
    const cheats: [StepFault, number, number, (made: Score) => Uint8Array | Promise<Uint8Array>][] = [
      ['batch', 1, 3, (made) => rowProof(made, 1)],
      ['continuity', 0, 1, (made) => tensorFault(faulty(made, 0), 1, 0, began)],
      ['checkpoint', 1, 0, (made) => scoredUpdateFault(faulty(made, 1), TENSORS)],
    ];
    for (const [fault, leaf, input, proof] of cheats) {
      const { registry, scores: contract, ada } = system;
      const runId = runIdOf(terms);
      const inputs = (at: number, own: Uint8Array[]) =>
        own.map((it, i) => (at === leaf && i === input ? sevens(it) : it));
      const made = await scores([GOOD, FAIR], inputs);
      await both(made);
      await prove(made[1], fault, await proof(made[1]));
      await registry.drop(terms, made[1].batchInfo);
      expect((await contract.update(runId, 1, 1)).gain).to.equal(0n);
      const listed = [scoredContribution(made[0], 2 * terms.steps)];
      await aggregate(
        system,
        terms,
        ada,
        await average(system, terms, ada, { ...START, nextTurn: 3 }, [made[0]], { listed }),
      );
      system = await networkHelpers.loadFixture(trainingFixture);
      terms = await scoredRun(system, [system.ada, system.bob], CHANGES);
    }
  });

  it('an update that nobody gets to see is convicted by a demand that stays unanswered', async () => {
    const { scores: contract, registry, claims, challenger, addresses } = system;
    const [, made] = await scores([GOOD, FAIR]);
    await show(system, terms, system.bob, made);
    const availability = await ethers.getContractAt('Availability', addresses.Availability);
    const value = 10n ** 18n;
    await availability.connect(challenger).demandClaim(made.batchId, 1, 0, 0, TENSORS, { value });
    const asked = { batchId: made.batchId, leaf: 1, kind: 0, index: 0, first: 0, count: TENSORS };
    await networkHelpers.mine(901, { interval: 25 });
    await availability.connect(challenger).expire({ ...asked, demander: challenger.address });
    expect(await claims.state(made.batchId)).to.equal(3n);
    await registry.drop(terms, made.batchInfo);
    expect((await contract.update(runIdOf(terms), 1, 1)).gain).to.equal(0n);
  });

  it('take no steps for scores, no other program, and no dependants', async () => {
    const { registry, scores: contract, rules, ada } = system;
    const steps = await train(system, { ...terms, steps: 1 }, ada, START);
    await expect(submit(system, terms, ada, steps)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_Count');
    const made = await scores([GOOD, FAIR]);
    const cut = { ...made[0], proof: made[0].proof.slice(0, -64) };
    await expect(show(system, terms, ada, cut)).to.revert(ethers);
    const raw = ethers.getBytes(made[0].proof);
    raw[raw.length - 1] ^= 1;
    await expect(show(system, terms, ada, { ...made[0], proof: toHex(raw) })).to.be.revertedWithCustomError(
      contract,
      'ScoredRounds_Proof',
    );
    for (const changes of [{ seats: 1 }, { seats: 2, dependantPay: 1n }]) {
      await expect(created(system, { dependantPay: 0n, scoreProgramId: SCORE.program.id, ...changes }))
        .to.be.revertedWithCustomError(rules, 'RunRules_Terms')
        .withArgs(12);
    }
    await expect(contract.strike(runIdOf(terms), 1, 0)).to.be.revertedWithCustomError(contract, 'ScoredRounds_Caller');
    const row = await registry.run(runIdOf(terms));
    const plain = (row as unknown as { toObject(): typeof row }).toObject();
    await expect(contract.check(runIdOf(terms), plain, [])).to.be.revertedWithCustomError(
      contract,
      'ScoredRounds_Caller',
    );
    for (const call of [
      () => registry.enter(runIdOf(terms), ada),
      () => registry.again(runIdOf(terms)),
      () => registry.endCommitment(runIdOf(terms), ada, true),
      () => registry.submitScore(runIdOf(terms), ada, ethers.ZeroHash, ethers.ZeroHash, ethers.ZeroHash),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(registry, 'TrainingRegistry_Caller');
    }
  });
});
