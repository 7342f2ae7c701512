import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Answerer, Archive, closeRuns, type ProviderEvent, RoundArchive, runSource, Trainer } from '@essaim/provider';
import { commitValues, openTracer, type Tracer } from '@essaim/runtime';
import { chainFailure, type Essaim, pause, RunState, type WatchedRound } from '@essaim/sdk';
import { FolderDataset } from '@essaim/sdk/node';
import type { Storage } from '@essaim/storage';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import { altered } from './altered.ts';
import { until } from './patience.ts';
import { untilRound } from './pupil.ts';
import { createRun, example, FEE_PER_STEP, passDraw, passWindow, registerDigits, shardOfDigits } from './school.ts';
import { type Daemon, Town } from './town.ts';

const AGGREGATION_FEE = parseEther('0.2');
const TRAINERS = ['alice', 'bob', 'carol', 'dave', 'dora'] as const;
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'taken',
    (error: { code: string }) => error.code,
  );

describe('a run of private shards', function () {
  this.timeout(120_000);
  let town: Town;
  let initiator: Essaim;
  let backer: Essaim;
  let dataset: bigint;
  let verifier: Daemon;
  const trainers = {} as Record<(typeof TRAINERS)[number], Essaim>;
  const shards = {} as Record<(typeof TRAINERS)[number], string>;
  before(async () => {
    town = await Town.open();
    [initiator, backer] = await Promise.all([town.connect('modeller'), town.connect('requester')]);
    for (const [i, role] of TRAINERS.entries()) {
      trainers[role] = await town.connect(role);
      await trainers[role].staking.provide(parseEther('4000'), undefined, 'training');
      shards[role] = await shardOfDigits(town, i, TRAINERS.length);
    }
    dataset = await registerDigits(town, initiator, 'held-out');
    verifier = await town.verifier('verifier', '--all');
  });
  after(async () => {
    for (const essaim of [initiator, backer, ...Object.values(trainers)]) essaim?.close();
    await town?.close();
  });

  async function funded(changes: Parameters<typeof createRun>[3]): Promise<string> {
    // the rate after its warm-up
    const schedule = (step: number) => example.schedule(step + 1_000);
    const own = { privateShards: true, dependantPay: 0n, aggregationFee: AGGREGATION_FEE, clip: 10 };
    const { runId } = await createRun(town, initiator, dataset, { steps: 24, depth: 2, schedule, ...own, ...changes });
    await backer.training.back(runId, (await backer.training.view(runId)).budget);
    await passDraw(town);
    return runId;
  }

  const trainer = (role: Role, runId: string, shard: string): Promise<Daemon> => {
    const token = town.deployment.addresses.MielToken;
    const train = ['--train', `${token}=1`, '--train-run', runId, '--checkpoint-every', '9', '--shard', shard];
    return town.provider(role, ...train);
  };

  /** Waits until a daemon said something of a run so many times. */
  async function times({ lines }: Pick<Daemon, 'lines'>, event: string, runId: string, count = 1) {
    const heard = () => lines.filter((line) => line.event === event && line.runId === runId);
    const isHeard = () => {
      const broken = lines.find((line) => line.event === 'exit' || line.event === 'failed');
      if (broken && broken.event !== event) throw new Error(JSON.stringify(broken));
      return heard().length >= count;
    };
    await until(isHeard, () => ({ event, count, said: lines.slice(-20) }));
    return heard();
  }

  /** Waits until the rows of a turn are drawn, and lets the block that names them come. */
  async function passRows(runId: string, turn: number): Promise<void> {
    while ((await backer.training.scores.at(runId, turn)).drawn === 0) await pause(40);
    await passDraw(town);
  }

  const balance = (role: Role): Promise<bigint> =>
    backer.contracts.MielToken.balanceOf(accounts(town.chain)[role].address);
  /** What steps and aggregations are paid, less fees. */
  const paid = (steps: number, aggregations: number): bigint =>
    ((BigInt(steps) * FEE_PER_STEP + BigInt(aggregations) * AGGREGATION_FEE) * 98n) / 100n;

  it('pays two with data of their own for what their updates improve on rows that are drawn afterwards', async () => {
    const runId = await funded({ rounds: 2, seats: 2 });
    const before = (await balance('alice')) + (await balance('bob'));
    const seen: WatchedRound[] = [];
    const watching = (async () => {
      for await (const round of backer.training.watch(runId)) seen.push(round);
    })();
    const [killed, bob] = await Promise.all([trainer('alice', runId, shards.alice), trainer('bob', runId, shards.bob)]);
    await times(killed, 'sealed', runId);
    killed.child.process.kill('SIGKILL');
    const alice = await trainer('alice', runId, shards.alice);
    await passRows(runId, 1);
    await passRows(runId, 2);
    await untilRound(backer, runId, 2);
    await passWindow(town);
    await Promise.all([times(alice, 'done', runId), times(bob, 'done', runId), watching]);
    expect(alice.lines.filter(({ event }) => event === 'trained').length).to.equal(1);
    const { state, history } = await backer.training.view(runId);
    expect(state).to.equal(RunState.Completed);
    const counts = history.rounds.flatMap(({ made }) => made?.contributions.map(({ count }) => count) ?? []);
    const steps = counts.reduce((sum, count) => sum + count, 0);
    expect(steps).to.be.within(2 * 48 - 4, 2 * 48);
    expect((await balance('alice')) + (await balance('bob')) - before).to.equal(paid(steps, 2));
    const scores = seen.filter(({ kind, stage }) => kind === 'score' && stage === 'submitted');
    expect(scores.length).to.equal(4);
    for (const { losses, gain } of scores) {
      expect(losses![1]).to.be.below(losses![0]);
      expect(gain).to.be.greaterThan(0);
    }
    expect(scores[3].losses![0]).to.be.below(scores[0].losses![0]);
    await Promise.all([alice.child.stop(), bob.child.stop()]);
  });

  it('refuses a run to a trainer whose shard has other columns, before it stakes anything', async () => {
    const runId = await funded({ rounds: 1, seats: 2 });
    const flat = await shardOfDigits(town, 0, 100, ['x: uint8[64] from p0..p63', 'target: uint8[] from digit']);
    const daemon = await trainer('dave', runId, flat);
    const [failed] = await times(daemon, 'failed', runId);
    expect(failed.code).to.equal('SHARD_COLUMNS');
    expect(failed.help).to.contain('x uint8[8,8], target uint8[]');
    await daemon.child.stop();
    expect((await trainers.dave.staking.provision(accounts(town.chain).dave.address, 'training')).locked).to.equal(0n);
  });

  /** What a cheat does otherwise. */
  interface Cheat {
    trace?: (honest: Tracer) => Tracer;
    essaim?: (honest: Essaim) => Essaim;
  }

  /** A trainer of this process. */
  async function train(role: keyof typeof trainers, runId: string, { trace, essaim }: Cheat) {
    const folder = join(town.folder, 'data', role);
    const lines: ProviderEvent[] = [];
    const token = town.deployment.addresses.MielToken.toLowerCase();
    const policy = { minimumFee: { [token]: 1n }, maximumCollateral: parseEther('1000'), selfCheck: false };
    const shard = await FolderDataset.open(shards[role]);
    const shop = {
      essaim: essaim?.(trainers[role]) ?? trainers[role],
      policy: { ...policy, models: [] },
      trace: trace?.(openTracer()) ?? openTracer(),
      archive: new Archive(folder),
      rounds: new RoundArchive(folder),
      training: { ...policy, runs: [runId], checkpointEvery: 4, publishTraces: true, stepIn: 0 },
      data: join(folder, 'datasets'),
      shards: [shard],
      say: (event: ProviderEvent) => 'runId' in event && event.runId === runId && lines.push(event),
    };
    const end = new AbortController();
    const work = [new Trainer(shop).run(end.signal), new Answerer(shop, [runSource(shop)]).run(end.signal)];
    const stop = async () => {
      end.abort();
      await Promise.all(work);
      await closeRuns(shop);
      await shard.close();
    };
    return { lines: lines as unknown as Daemon['lines'], stop };
  }

  const isScore = ({ inputs }: Parameters<Tracer>[0]) =>
    !inputs[0].name.startsWith('average/') && !inputs.some(({ name }) => name === 'schedule');

  /** Has scores made otherwise: `bend` is told whether it is the update's, or that of what the round began from. */
  const scoring = (bend: (honest: Tracer, isUpdate: boolean, ...execution: Parameters<Tracer>) => ReturnType<Tracer>) =>
    ((honest) => {
      let first: string | undefined;
      const trace = (...execution: Parameters<Tracer>) => {
        if (!isScore(execution[0])) return honest(...execution);
        const { root } = execution[3]![0];
        first ??= root;
        return bend(honest, root !== first, ...execution);
      };
      return Object.assign(trace, { remake: honest.remake });
    }) satisfies Cheat['trace'];

  /** Says that its update's loss is half of what it is. */
  const halving = scoring(async (honest, isUpdate, ...execution) => {
    const own = await honest(...execution);
    if (!isUpdate) return own;
    const { value } = own.program.outputs[0];
    const loss = new Float32Array(own.values[value]!.bytes.slice().buffer);
    const bytes = new Uint8Array(loss.map((it) => it / 2).buffer);
    const values = own.values.map((tensor, i) => (i === value ? bytes : (tensor?.bytes ?? null)));
    return commitValues(own.program, execution[2], values, execution[3]);
  });

  /** Scores on rows that it chose: scans and labels of a single one, thirty-two times. */
  const choosing = scoring((honest, _, program, onnx, inputs, known) => {
    const columns = inputs.slice(-2).map((bytes) => bytes.map((_, i) => bytes[i % (bytes.length / 32)]));
    return honest(program, onnx, [...inputs.slice(0, -2), ...columns], known);
  });

  /** Scores other parameters than those of what the round began from, or of the update: all of the first are zero. */
  const replacing = (which: 'beginning' | 'update') =>
    scoring((honest, isUpdate, program, onnx, inputs, known) =>
      isUpdate === (which === 'update')
        ? honest(program, onnx, [new Uint8Array(inputs[0].length), ...inputs.slice(1)])
        : honest(program, onnx, inputs, known),
    );

  it('convicts who lies in its score and who chooses its rows, gives nothing to a copy, and goes on without them', async () => {
    const runId = await funded({ rounds: 1, seats: 5, depth: 1 });
    const { dora } = trainers;
    const [alice, bob] = await Promise.all([trainer('alice', runId, shards.alice), trainer('bob', runId, shards.bob)]);
    await Promise.all([times(alice, 'sealed', runId), times(bob, 'sealed', runId)]);
    // shows no receipt either
    const putManifest = async (...args: Parameters<Storage['putManifest']>) => {
      const { kind } = args[0] as { kind: string };
      const nowhere = { cid: '', digest: `0x${'22'.repeat(32)}` };
      return kind === 'essaim/score/1' ? nowhere : trainers.carol.storage.putManifest(...args);
    };
    const hiding = (own: Essaim) => altered(own, { storage: altered(own.storage, { putManifest }) });
    const carol = await train('carol', runId, { trace: halving, essaim: hiding });
    const dave = await train('dave', runId, { trace: choosing });
    await Promise.all([times(carol, 'sealed', runId), times(dave, 'sealed', runId)]);

    // the copy: what alice committed to, before and after she shows it
    const { terms } = await dora.training.view(runId);
    const { ScoredRounds } = dora.contracts;
    const [made] = await ScoredRounds.queryFilter(
      ScoredRounds.filters.Committed(runId, undefined, undefined, accounts(town.chain).alice.address),
    );
    const taken = new Set(
      (await dora.training.scores.at(runId)).seats.flatMap((seat) => (seat.trainer ? [seat.seat] : [])),
    );
    const free = [0, 1, 2, 3, 4].find((seat) => !taken.has(seat))!;
    await dora.training.join(runId, free, 2);
    await (await ScoredRounds.commit(terms, made.args.commitment)).wait();
    const locked = (await dora.staking.provision(accounts(town.chain).dora.address, 'training')).tokens;
    await passRows(runId, 1);
    await Promise.all([alice, bob, carol, dave].map((daemon) => times(daemon, 'scored', runId)));
    const [scored] = await ScoredRounds.queryFilter(ScoredRounds.filters.Scored(runId));
    const shown = ScoredRounds.interface.parseTransaction((await town.chain.getTransaction(scored.transactionHash))!)!;
    const copied = ScoredRounds.score.staticCall(
      terms,
      shown.args.checkpoint,
      shown.args.salt,
      shown.args.proof,
      shown.args.receipt,
    );
    const refusal = await copied.then(
      () => null,
      (cause) => chainFailure(cause, 'showing a copy'),
    );
    expect(refusal?.code).to.equal('ScoredRounds_Commitment');

    const convictions = await times(verifier, 'convicted', runId, 2);
    const of = (role: Role) => convictions.find(({ provider }) => provider === accounts(town.chain)[role].address)!;
    expect(of('carol')).to.include({ fault: 'element', leaf: 1, transactions: 2 });
    expect(of('dave')).to.include({ fault: 'batch', leaf: 0, transactions: 2 });
    await Promise.all([times(carol, 'unseated', runId), times(dave, 'unseated', runId)]);
    await town.pass(3_700);
    await untilRound(backer, runId, 1);
    const { history } = await backer.training.view(runId);
    const { contributions } = history.rounds[0].made!;
    const honest = [alice, bob].map((_, i) => accounts(town.chain)[TRAINERS[i]].address);
    expect(contributions.map(({ trainer: who }) => who)).to.have.members(honest);
    const left = (await dora.staking.provision(accounts(town.chain).dora.address, 'training')).tokens;
    expect(locked - left).to.equal(parseEther('20'));
    await passWindow(town);
    await Promise.all([times(alice, 'done', runId), times(bob, 'done', runId)]);
    await Promise.all([carol.stop(), dave.stop(), alice.child.stop(), bob.child.stop()]);
    expect((await backer.training.view(runId)).state).to.equal(RunState.Completed);
    for (const role of ['carol', 'dave', 'dora'] as const)
      expect(
        (await backer.contracts.TrainingRegistry.trainer(runId, accounts(town.chain)[role].address)).steps,
      ).to.equal(0n);
    expect(await codeOf(dora.training.withdraw(runId))).to.equal('RunEscrow_Nothing');
    const checked = verifier.lines.filter((line) => line.event === 'checked' && line.runId === runId);
    expect(checked.some(({ seat }) => seat === 'aggregation')).to.equal(true);
  });

  it('convicts who scores another beginning than the round’s, and another update than was committed to', async () => {
    const runId = await funded({ rounds: 1, seats: 3, depth: 1 });
    const alice = await trainer('alice', runId, shards.alice);
    const carol = await train('carol', runId, { trace: replacing('beginning') });
    const dave = await train('dave', runId, { trace: replacing('update') });
    await passRows(runId, 1);
    const convictions = await times(verifier, 'convicted', runId, 2);
    const of = (role: Role) => convictions.find(({ provider }) => provider === accounts(town.chain)[role].address)!;
    expect(of('carol')).to.include({ fault: 'continuity', leaf: 0 });
    expect(of('dave')).to.include({ fault: 'checkpoint', leaf: 1 });
    await Promise.all([times(carol, 'unseated', runId), times(dave, 'unseated', runId)]);
    const honest = ({ trainer: who }: { trainer: string }) => who === accounts(town.chain).alice.address;
    for (;;) {
      const { rounds } = await backer.training.history(runId);
      if (rounds[0].made?.contributions.every(honest)) break;
      await pause(40);
    }
    await Promise.all([carol.stop(), dave.stop(), alice.child.stop()]);
  });

  it('lets a round pass that a trainer lost its update of, at the price of its seat', async () => {
    const runId = await funded({ rounds: 1, seats: 2, depth: 1 });
    const [alice, careless] = await Promise.all([
      trainer('alice', runId, shards.alice),
      trainer('bob', runId, shards.bob),
    ]);
    await times(careless, 'sealed', runId);
    careless.child.process.kill('SIGKILL');
    rmSync(town.data('bob'), { recursive: true });
    const bob = await trainer('bob', runId, shards.bob);
    await passRows(runId, 1);
    const [unable] = await times(bob, 'unable', runId);
    expect(unable.code).to.equal('UPDATE_LOST');
    await times(alice, 'scored', runId);
    await town.pass(3_700);
    await Promise.race([times(alice, 'missed', runId), times(bob, 'missed', runId)]);
    await times(alice, 'aggregated', runId);
    await times(bob, 'unseated', runId);
    const { contributions } = (await backer.training.history(runId)).rounds[0].made!;
    expect(contributions.map(({ count }) => count)).to.deep.equal([2 * 24]);
    await Promise.all([alice.child.stop(), bob.child.stop()]);
  });
});
