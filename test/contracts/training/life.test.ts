import { type Program, programsPart, runIdOf, toHex } from '@essaim/protocol';
import { expect } from 'chai';
import {
  AGGREGATION,
  connection,
  created,
  FEE,
  funded,
  INITIAL,
  joined,
  PRICE,
  passWindow,
  programsOf,
  recorded,
  running,
  STEP,
  State,
  type Training,
  termsOf,
  trainingFixture,
} from './fixture.ts';
import { aggregationProgram } from './programs.ts';
import { aggregate, average, type Made, round, settledRound, submit } from './trainer.ts';

const { ethers, networkHelpers } = connection;

describe('A run of one seat', () => {
  let system: Training;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
  });

  it('is funded, drawn, trained, settled and closed, and everybody draws what is theirs', async () => {
    const { registry, escrow, ada, token, backer, initiator, royalties, models } = system;
    const terms = await running(system);
    const runId = runIdOf(terms);
    const budget = 6n * FEE + PRICE;
    expect(await token.balanceOf(escrow)).to.equal(budget);
    await escrow.payData(terms);
    expect(await royalties.received(token, terms.dataset)).to.equal(PRICE);

    const rounds: Made[] = [];
    for (let r = 0; r < 3; r++) {
      rounds.push(
        await round(system, terms, ada, { round: r, turn: r + 1, tensors: rounds.at(-1)?.tensors ?? INITIAL }),
      );
    }
    await expect(registry.settle(runId, [settledRound([rounds[0]])])).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_NotFinal',
    );
    await passWindow();
    await registry.settle(
      runId,
      rounds.map((made) => settledRound([made])),
    );
    await registry.close(runId);
    expect((await registry.run(runId)).state).to.equal(State.Completed);

    const fees = 6n * FEE;
    const protocolFee = (fees * 200n) / 10_000n;
    await expect(escrow.withdraw(terms, ada)).to.changeTokenBalance(ethers, token, ada, fees - protocolFee);
    await expect(escrow.withdraw(terms, ada)).to.be.revertedWithCustomError(escrow, 'RunEscrow_Nothing');
    expect(await escrow.owed(token, system.treasury)).to.equal(protocolFee);
    await expect(escrow.refund(terms, backer)).to.changeTokenBalance(ethers, token, backer, 0n);

    await escrow.makeModel(terms);
    const shares = await ethers.getContractAt('Shares', await models.sharesOf(BigInt(ethers.keccak256(runId))));
    for (const account of [backer, initiator, ada]) await escrow.claimShares(terms, account);
    await expect(escrow.claimShares(terms, ada)).to.be.revertedWithCustomError(escrow, 'RunEscrow_Nothing');
    const part = async (account: typeof ada) => Number(await shares.balanceOf(account)) / 1e24;
    expect(Math.abs((await part(backer)) - 0.5 / 3)).to.be.lessThan(1e-6);
    expect(Math.abs((await part(initiator)) - 1 / 3 - 0.2)).to.be.lessThan(1e-6);
    expect(await part(ada)).to.equal(0.3);
    expect(await shares.balanceOf(escrow)).to.be.lessThan(10n);

    await escrow.collect(token, system.treasury);
    expect(await token.balanceOf(escrow)).to.equal(0n);
    await registry.connect(ada).resign(runId);
    expect((await system.stake.provisionOf(ada, registry, system.penalties)).locked).to.equal(0n);
  });

  it('gives everybody everything back where the budget is not there in time', async () => {
    const { escrow, token, backer, other } = system;
    const terms = await created(system);
    await escrow.connect(backer).fund(terms, 7_000n);
    await escrow.connect(other).fund(terms, 11n);
    await expect(escrow.refund(terms, backer)).to.be.revertedWithCustomError(escrow, 'RunEscrow_Deadline');
    await networkHelpers.time.increaseTo(terms.fundingDeadline + 1);
    await expect(escrow.connect(backer).fund(terms, 1n)).to.be.revertedWithCustomError(escrow, 'RunEscrow_Deadline');
    await expect(escrow.refund(terms, backer)).to.changeTokenBalance(ethers, token, backer, 7_000n);
    await expect(escrow.refund(terms, backer)).to.be.revertedWithCustomError(escrow, 'RunEscrow_Nothing');
    await expect(escrow.refund(terms, other)).to.changeTokenBalance(ethers, token, other, 11n);
    expect(await token.balanceOf(escrow)).to.equal(0n);
  });

  it('takes no more than the budget, and fixes its random round with the last unit', async () => {
    const { escrow, registry, backer, token } = system;
    const terms = await created(system);
    await expect(escrow.connect(backer).fund(terms, 10n ** 17n)).to.changeTokenBalance(
      ethers,
      token,
      backer,
      -(6n * FEE + PRICE),
    );
    const { drawn } = await registry.sums(runIdOf(terms));
    expect(drawn).to.equal(BigInt(await ethers.provider.getBlockNumber()) + 32n);
    await expect(registry.draw(terms)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_NotDrawn');
    await expect(escrow.connect(backer).fund(terms, 1n)).to.be.revertedWithCustomError(escrow, 'RunEscrow_State');
  });

  it('ends with what is settled when its time is over; what was not spent goes back, less a share that is burned', async () => {
    const { registry, escrow, ada, token, backer, initiator } = system;
    const terms = await running(system);
    const runId = runIdOf(terms);
    const made = await round(system, terms, ada, { round: 0, turn: 1, tensors: INITIAL });
    await expect(registry.stop(terms)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_Deadline');
    await networkHelpers.time.increaseTo(terms.deadline + 1);
    await registry.stop(terms);
    await expect(round(system, terms, ada, { round: 1, turn: 2, tensors: made.tensors })).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_State',
    );
    await expect(registry.close(runId)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_State');
    await passWindow();
    await registry.settle(runId, [settledRound([made])]);
    await registry.close(runId);
    expect((await registry.run(runId)).state).to.equal(State.Ended);
    const unspent = 4n * FEE;
    const burned = (unspent * 500n) / 10_000n;
    expect([...(await escrow.left(terms))]).to.deep.equal([unspent - burned, burned]);
    await escrow.burn(terms);
    await expect(escrow.burn(terms)).to.be.revertedWithCustomError(escrow, 'RunEscrow_Nothing');
    await escrow.withdraw(terms, ada);
    await escrow.refund(terms, backer);
    await escrow.refund(terms, initiator);
    await escrow.payData(terms);
    for (const account of ['0x000000000000000000000000000000000000dEaD', system.treasury]) {
      await escrow.collect(token, account);
    }
    expect(await token.balanceOf(escrow)).to.be.lessThan(2n);
    await expect(escrow.makeModel(terms)).to.be.revertedWithCustomError(escrow, 'RunEscrow_State');
  });

  it('lets a late seat be vacated and another trainer go on from the last good checkpoint', async () => {
    const { registry, ada, bob, stake, penalties } = system;
    const terms = await running(system);
    const runId = runIdOf(terms);
    const made = await round(system, terms, ada, { round: 0, turn: 1, tensors: INITIAL });
    await expect(registry.vacate(runId, 0)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_NotLate');
    await networkHelpers.time.increase(terms.roundSeconds + 1);
    await registry.vacate(runId, 0);
    const { tokens, locked } = await stake.provisionOf(ada, registry, penalties);
    expect([tokens, locked]).to.deep.equal([10_000_000n - 100_000n, 1_000_000n]);
    await joined(system, terms, bob);
    const second = await round(system, terms, bob, { round: 1, turn: 2, tensors: made.tensors });
    await passWindow();
    await registry.settle(runId, [settledRound([made]), settledRound([second])]);
    expect((await stake.provisionOf(ada, registry, penalties)).locked).to.equal(0n);
    expect((await registry.trainer(runId, ada)).steps).to.equal(2n);
    expect((await registry.trainer(runId, bob)).steps).to.equal(2n);
  });

  it('allows no more pending rounds than its depth, nor more than a trainer has locks', async () => {
    const { registry, ada } = system;
    const shallow = await running(system, { depth: 1 });
    const first = await round(system, shallow, ada, { round: 0, turn: 1, tensors: INITIAL });
    const second = { round: 1, turn: 2, tensors: first.tensors };
    await expect(round(system, shallow, ada, second)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_Depth');
    const terms = await running(system, {}, []);
    await joined(system, terms, ada, 0, 1);
    const only = await round(system, terms, ada, { round: 0, turn: 1, tensors: INITIAL });
    await expect(round(system, terms, ada, { round: 1, turn: 2, tensors: only.tensors })).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Locked',
    );
  });

  it('is trained by nobody outside its list', async () => {
    const { registry, ada, bob } = system;
    const words = [ada, bob].map(({ address }) => ethers.zeroPadValue(address, 32));
    const root = ethers.keccak256(ethers.concat(words));
    const terms = await running(system, { trainersRoot: root, trainers: 2 }, []);
    await expect(registry.connect(ada).join(terms, 0, 1, 1, words[1])).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_NotAllowed',
    );
    await registry.connect(ada).join(terms, 0, 1, 0, words[1]);
    await expect(registry.connect(bob).join(terms, 0, 1, 1, words[0])).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Seat',
    );
  });

  it('pays no data set before its seed is drawn, and is drawn once', async () => {
    const { registry, escrow } = system;
    const terms = await funded(system);
    await expect(escrow.payData(terms)).to.be.revertedWithCustomError(escrow, 'RunEscrow_Nothing');
    await recorded(system, terms);
    await registry.draw(terms);
    await expect(registry.draw(terms)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_State');
  });

  const rules: [number, Parameters<typeof termsOf>[1]][] = [
    [1, { rows: 0 }],
    [2, { seats: 257, aggregationProgramId: ethers.id('aggregation') }],
    [3, { depth: 9 }],
    [4, { deadline: 1 }],
    [5, { backersShare: 5_001 }],
    [6, { dataRoyalty: 9_000, baseRoyalty: 2_000 }],
    [7, { seats: 2, aggregationProgramId: ethers.ZeroHash }],
    [8, { collateral: 99_999n, dependantPay: 0n }],
    [8, { dependantPay: 50_001n }],
    [9, { rounds: 2 ** 24 - 1, steps: 65_535 }],
    [10, { rows: 10 }],
  ];
  for (const [rule, changes] of rules) {
    it(`is not created where its terms break rule ${rule}: ${Object.keys(changes!)}`, async () => {
      await expect(created(system, changes))
        .to.be.revertedWithCustomError(system.rules, 'RunRules_Terms')
        .withArgs(rule);
    });
  }
});

describe('Creating and joining a run', () => {
  let system: Training;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
  });

  it('is refused where the data set’s price is in another token', async () => {
    const token = await ethers.deployContract('Token__Mock');
    await expect(created(system, { token: await token.getAddress() }))
      .to.be.revertedWithCustomError(system.rules, 'RunRules_Terms')
      .withArgs(11);
  });

  it('is refused where the programs do not fit', async () => {
    const { registry, rules, initiator } = system;
    const refused = async (rule: number, changes: Parameters<typeof termsOf>[1], programs?: string) => {
      const terms = await termsOf(system, changes);
      await expect(registry.connect(initiator).create(terms, programs ?? programsOf(terms)))
        .to.be.revertedWithCustomError(rules, 'RunRules_Program')
        .withArgs(rule);
    };
    await refused(1, { programId: AGGREGATION.program.id });
    await refused(1, {}, `${programsOf(await termsOf(system))}00`);
    await refused(2, { tensors: 4 });
    await refused(4, { batch: 3 });
    const of = (step: Program, ...more: Program[]) => toHex(programsPart(step, ...more));
    await refused(3, { programId: AGGREGATION.program.id }, of(AGGREGATION.program));
    const others: [number, Program][] = [
      [5, aggregationProgram(3).program],
      [6, aggregationProgram(2, [2]).program],
    ];
    for (const [rule, program] of others) {
      await refused(rule, { seats: 2, aggregationProgramId: program.id }, of(STEP.program, program));
    }
    await refused(2, { seats: 2, aggregationProgramId: STEP.program.id }, of(STEP.program, STEP.program));
    const scored = { seats: 2, dependantPay: 0n, scoreProgramId: STEP.program.id };
    await refused(4, scored, of(STEP.program, AGGREGATION.program, STEP.program));
  });

  it('is refused with a program that was barred', async () => {
    const { rules, addresses } = system;
    const reason = ethers.id('reason');
    const barred = await ethers.deployContract('Barred__Mock', [STEP.program.id, reason]);
    await networkHelpers.setCode(addresses.Malformed, await ethers.provider.getCode(await barred.getAddress()));
    await expect(created(system))
      .to.be.revertedWithCustomError(rules, 'RunRules_Barred')
      .withArgs(STEP.program.id, reason);
  });

  it('is refused while new jobs are held back, and to everybody but the initiator', async () => {
    const { registry, other, addresses } = system;
    const terms = await termsOf(system);
    await expect(registry.connect(other).create(terms, programsOf(terms))).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Caller',
    );
    const parameters = await ethers.getContractAt('ProtocolParameters', addresses.ProtocolParameters);
    await parameters.connect(system.founder).pause(3_600);
    await expect(created(system)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_Paused');
  });

  it('takes between one and sixteen locks', async () => {
    const { registry, ada } = system;
    const terms = await running(system, {}, []);
    for (const locks of [0, 17]) {
      await expect(joined(system, terms, ada, 0, locks)).to.be.revertedWithCustomError(
        registry,
        'TrainingRegistry_Locks',
      );
    }
  });

  it('promises slashed stake to nobody but the registry', async () => {
    const { escrow, other } = system;
    await expect(escrow.connect(other).allot(1n)).to.be.revertedWithCustomError(escrow, 'RunEscrow_NotRegistry');
  });
});

describe('A run of two seats', () => {
  let system: Training;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
  });

  it('averages what its trainers made, settles both and the aggregation, and pays them by their steps', async () => {
    const { registry, escrow, ada, bob, token } = system;
    const terms = await running(system, { seats: 2, rounds: 1, depth: 2 }, [ada, bob]);
    const runId = runIdOf(terms);
    const start = { round: 0, turn: 1, tensors: INITIAL };
    const first = await round(system, terms, ada, start);
    const second = await round(system, terms, bob, start, { seat: 1, cheat: { count: 1 } });
    const whole = await average(system, terms, bob, { ...start, nextTurn: 2 }, [first, second]);
    await aggregate(system, terms, bob, whole);
    const [a, b, mean] = [first, second, whole].map(({ tensors }) => new Float32Array(tensors[0].bytes.buffer)[0]);
    expect(Math.abs(mean - (2 * a + b) / 3)).to.be.lessThan(1e-6);
    await passWindow();
    await registry.settle(runId, [settledRound([first, second], whole)]);
    await registry.close(runId);
    const net = (amount: bigint) => amount - (amount * 200n) / 10_000n;
    await expect(escrow.withdraw(terms, ada)).to.changeTokenBalance(ethers, token, ada, net(2n * FEE));
    await expect(escrow.withdraw(terms, bob)).to.changeTokenBalance(
      ethers,
      token,
      bob,
      net(FEE + terms.aggregationFee),
    );
    expect([...(await escrow.left(terms))]).to.deep.equal([FEE, 0n]);
  });

  it('goes on without a trainer that vanished, once the round has lasted its time', async () => {
    const { registry, ada, bob } = system;
    const terms = await running(system, { seats: 2 }, [ada, bob]);
    const start = { round: 0, turn: 1, tensors: INITIAL };
    const first = await round(system, terms, ada, start);
    const alone = await average(system, terms, ada, { ...start, nextTurn: 2 }, [first]);
    await expect(aggregate(system, terms, ada, alone)).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Contributions',
    );
    await networkHelpers.time.increase(terms.roundSeconds + 1);
    await aggregate(system, terms, ada, alone);
    expect((await registry.run(runIdOf(terms))).round).to.equal(1n);
  });

  it('takes no seat twice, neither in a round nor in its aggregation', async () => {
    const { registry, ada, bob } = system;
    const terms = await running(system, { seats: 2 }, [ada, bob]);
    const start = { round: 0, turn: 1, tensors: INITIAL };
    const first = await round(system, terms, ada, start);
    await networkHelpers.time.increase(terms.roundSeconds + 1);
    const twice = await average(system, terms, ada, { ...start, nextTurn: 2 }, [first, first]);
    await expect(aggregate(system, terms, ada, twice)).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Contributions',
    );
    await expect(submit(system, terms, ada, first)).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Submitted',
    );
  });
});
