import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compile, readOnnx } from '@essaim/protocol';
import { type Essaim, RunState, type WatchedRound } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { createRun, example, FEE_PER_STEP, passDraw, passWindow, registerDigits } from './school.ts';
import { type Daemon, Town } from './town.ts';

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'taken',
    (error: { code: string }) => error.code,
  );

describe('a run of training', function () {
  this.timeout(120_000);
  let town: Town;
  let initiator: Essaim;
  let backer: Essaim;
  let dataset: bigint;
  before(async () => {
    town = await Town.open();
    [initiator, backer] = await Promise.all([town.connect('modeller'), town.connect('requester')]);
    await (await town.connect('alice')).staking.provide(parseEther('4000'), undefined, 'training');
    dataset = await registerDigits(town, initiator);
  });
  after(async () => {
    initiator?.close();
    backer?.close();
    await town?.close();
  });

  /** A run that is created and backed, and whose block of the draw has passed. */
  async function funded(changes: Parameters<typeof createRun>[3] = {}): Promise<string> {
    const { runId } = await createRun(town, initiator, dataset, changes);
    const { budget } = await backer.training.view(runId);
    await backer.training.back(runId, budget);
    await passDraw(town);
    return runId;
  }

  const trainer = (runId: string, ...more: string[]): Promise<Daemon> => {
    const token = town.deployment.addresses.MielToken;
    return town.provider('alice', '--train', `${token}=1`, '--train-run', runId, '--checkpoint-every', '2', ...more);
  };

  /** Waits until a daemon said something so many times of a run. */
  async function times(daemon: Daemon, event: string, runId: string, count: number): Promise<void> {
    for (;;) {
      const heard = daemon.lines.filter((line) => line.event === event && line.runId === runId);
      const broken = daemon.lines.find((line) => line.event === 'exit' || line.event === 'failed');
      if (broken) throw new Error(JSON.stringify(broken));
      if (heard.length >= count) return;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  it('is backed, drawn, trained, settled and completed, and its model is what anyone makes of its checkpoint', async () => {
    const runId = await funded();
    const before = await backer.contracts.MielToken.balanceOf(accounts(town.chain).alice.address);
    const alice = await trainer(runId);
    await times(alice, 'committed', runId, 3);
    await passWindow(town);
    await times(alice, 'done', runId, 1);
    await alice.child.stop();
    const view = await backer.training.view(runId);
    expect(view.state).to.equal(RunState.Completed);
    const seen: WatchedRound[] = [];
    for await (const round of backer.training.watch(runId)) seen.push(round);
    const settled = seen.filter(({ stage }) => stage === 'settled');
    expect(settled.map(({ round, losses }) => [round, losses?.length])).to.deep.equal([
      [0, 4],
      [1, 4],
      [2, 4],
    ]);
    const earned = (await backer.contracts.MielToken.balanceOf(accounts(town.chain).alice.address)) - before;
    expect(earned).to.equal((12n * FEE_PER_STEP * 98n) / 100n);

    const { onnx, program } = await backer.training.trainedModel(runId);
    expect(compile(onnx).id).to.equal(program.id);
    const [own, first] = [readOnnx(onnx), readOnnx(example.onnx)];
    expect(own.initializers[0].bytes).to.not.deep.equal(first.initializers[0].bytes);
    expect(await codeOf(backer.training.verifyTrained(runId, compile(example.onnx).id))).to.equal(
      'TRAINED_MODEL_OTHER',
    );
    await backer.training.claimShares(runId);
    const [model] = await backer.contracts.RunEscrow.queryFilter(backer.contracts.RunEscrow.filters.ModelMade(runId));
    const held = await backer.shares.of(model.args.model, accounts(town.chain).requester.address);
    expect(held.balance).to.equal(parseEther('500000'));
    expect(await codeOf(backer.training.claimShares(runId))).to.equal('RunEscrow_Nothing');
  });

  it('is trained and checked without traces being served, by the roots of what every step made', async () => {
    const runId = await funded({ rounds: 2 });
    const verifier = await town.verifier('verifier', '--all');
    const alice = await trainer(runId, '--no-publish-traces');
    await times(verifier, 'checked', runId, 2);
    const checked = verifier.lines.filter(({ event }) => event === 'checked');
    expect(checked.map(({ steps, of }) => [steps, of])).to.deep.equal([
      [4, 4],
      [4, 4],
    ]);
    expect(verifier.lines.some(({ event }) => event === 'demanded' || event === 'withheld')).to.equal(false);
    const { batches } = await backer.training.history(runId);
    for (const submitted of batches) {
      const { receipt } = await backer.training.receipt(runId, submitted);
      expect(receipt.claims.map(({ trace }) => trace)).to.deep.equal([null, null, null, null]);
    }
    await passWindow(town);
    await times(alice, 'done', runId, 1);
    await Promise.all([alice.child.stop(), verifier.child.stop()]);
    expect((await backer.training.view(runId)).state).to.equal(RunState.Completed);
  });

  it('goes on after a kill between training and submitting, and submits the round once', async () => {
    const runId = await funded({ rounds: 2 });
    const alice = await trainer(runId);
    await times(alice, 'seated', runId, 1);
    // what is sent from here on waits in the pool
    await town.chain.send('evm_setAutomine', [false]);
    await times(alice, 'trained', runId, 1);
    const pending = async () => (await town.chain.send('eth_getBlockByNumber', ['pending', false])).transactions.length;
    for (let i = 0; i < 100 && (await pending()) === 0; i++) await new Promise((resolve) => setTimeout(resolve, 30));
    alice.child.process.kill('SIGKILL');
    const again = await trainer(runId);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await town.chain.send('evm_setAutomine', [true]);
    await town.chain.send('evm_mine', []);
    await times(again, 'committed', runId, 1);
    while ((await backer.training.history(runId)).batches.length < 2)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await passWindow(town);
    await times(again, 'done', runId, 1);
    await again.child.stop();
    const { batches, settled } = await backer.training.history(runId);
    expect(batches.map(({ batch }) => batch.round)).to.deep.equal([0, 1]);
    expect(settled).to.equal(2);
    const trained = [...alice.lines, ...again.lines].filter(({ event }) => event === 'trained');
    expect(trained.filter(({ round }) => round === 0).map(({ steps }) => steps)).to.deep.equal([4]);
  });

  it('goes on after a kill amid a round from its last checkpoint', async () => {
    const runId = await funded({ rounds: 1, steps: 100 });
    const alice = await trainer(runId);
    await times(alice, 'seated', runId, 1);
    const { chainId } = town.deployment;
    const account = accounts(town.chain).alice.address.toLowerCase();
    const folder = join(town.data('alice'), String(chainId), account, 'runs', runId, '0-1-0');
    while (!existsSync(join(folder, '22.checkpoint'))) await new Promise((resolve) => setTimeout(resolve, 5));
    alice.child.process.kill('SIGKILL');
    const again = await trainer(runId);
    await times(again, 'committed', runId, 1);
    const [line] = again.lines.filter(({ event }) => event === 'trained');
    expect(Number(line.steps)).to.be.within(1, 80);
    await again.child.stop();
  });

  it('is taken up by another trainer where the first one vanishes', async () => {
    const bob = await town.connect('bob');
    await bob.staking.provide(parseEther('2000'), undefined, 'training');
    const runId = await funded({ rounds: 1, roundSeconds: 60, depth: 1 });
    await backer.training.draw(runId);
    await bob.training.join(runId, 0, 1);
    bob.close();
    await town.pass(61);
    const alice = await trainer(runId);
    await times(alice, 'vacated', runId, 1);
    await times(alice, 'committed', runId, 1);
    await passWindow(town);
    await times(alice, 'done', runId, 1);
    await alice.child.stop();
    const { history } = await backer.training.view(runId);
    expect(history.batches.map(({ batch }) => batch.trainer)).to.deep.equal([accounts(town.chain).alice.address]);
  });

  it('that ends unfinished gives backers what it did not spend, less what it forfeits', async () => {
    const runId = await funded({ rounds: 1, deadlineSeconds: 2 * 86_400 });
    const { budget } = await backer.training.view(runId);
    await backer.training.draw(runId);
    expect(await codeOf(backer.training.stop(runId))).to.equal('TrainingRegistry_Deadline');
    await town.pass(3 * 86_400);
    await backer.training.stop(runId);
    await backer.training.close(runId);
    expect((await backer.training.view(runId)).state).to.equal(RunState.Ended);
    const balance = () => backer.contracts.MielToken.balanceOf(accounts(town.chain).requester.address);
    const before = await balance();
    await backer.training.refund(runId);
    const spent = parseEther('3');
    expect((await balance()) - before).to.equal(((budget - spent) * 95n) / 100n);
  });

  it('is refused with a data set that has other columns, shares that are not everything, and amounts that are not whole', async () => {
    const run = (changes: Parameters<typeof createRun>[3]) => codeOf(createRun(town, initiator, dataset, changes));
    expect(await run({ shares: { backers: 5_000, trainers: 3_000, initiator: 1_000 } })).to.equal('RUN_SHARES');
    expect(await run({ collateral: 1n })).to.equal('RUN_AMOUNT');
    expect(await run({ schedule: () => Float32Array.of(1, 2) })).to.equal('RUN_SCHEDULE');
    expect(await run({ collateral: parseEther('1') })).to.equal('RunRules_Terms');
    expect(await codeOf(backer.training.view(`0x${'11'.repeat(32)}`))).to.equal('RUN_UNKNOWN');
  });

  it('that lists its trainers lets no other take a seat, and gives everything back where nobody funds it', async () => {
    const { alice } = accounts(town.chain);
    const { runId } = await createRun(town, initiator, dataset, { trainers: [alice.address] });
    const { budget } = await backer.training.view(runId);
    await backer.training.back(runId, budget / 2n);
    expect(await codeOf(backer.training.join(runId, 0, 1))).to.equal('RUN_NOT_ALLOWED');
    expect(await codeOf(backer.training.refund(runId))).to.equal('RunEscrow_Deadline');
    await town.pass(86_401);
    const before = await backer.contracts.MielToken.balanceOf(accounts(town.chain).requester.address);
    await backer.training.refund(runId);
    const after = await backer.contracts.MielToken.balanceOf(accounts(town.chain).requester.address);
    expect(after - before).to.equal(budget / 2n);
  });
});
