import { commitValues, type Tracer } from '@essaim/runtime';
import { type Essaim, pause, RunState, type SubmittedBatch } from '@essaim/sdk';
import type { Storage } from '@essaim/storage';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import { altered } from './altered.ts';
import { type Habits, type Pupil, train as trainRun, untilRound } from './pupil.ts';
import { createRun, FEE_PER_STEP, passDraw, passWindow, registerDigits } from './school.ts';
import { type Daemon, Town } from './town.ts';

const AGGREGATION_FEE = parseEther('0.2');
const TRAINERS = ['alice', 'bob', 'carol', 'dave', 'dora', 'founder'] as const;
describe('a run of several seats', function () {
  this.timeout(120_000);
  let town: Town;
  let initiator: Essaim;
  let backer: Essaim;
  let verifier: Daemon;
  let dataset: bigint;
  const trainers = {} as Record<(typeof TRAINERS)[number], Essaim>;
  before(async () => {
    town = await Town.open();
    [initiator, backer] = await Promise.all([town.connect('modeller'), town.connect('requester')]);
    for (const role of TRAINERS) {
      trainers[role] = await town.connect(role);
      await trainers[role].staking.provide(parseEther('4000'), undefined, 'training');
    }
    dataset = await registerDigits(town, initiator);
    verifier = await town.verifier('verifier', '--all');
  });
  after(async () => {
    for (const essaim of [initiator, backer, ...Object.values(trainers)]) essaim?.close();
    await town?.close();
  });

  async function funded(changes: Parameters<typeof createRun>[3]): Promise<string> {
    const aggregationFee = AGGREGATION_FEE;
    const { runId } = await createRun(town, initiator, dataset, { steps: 3, depth: 2, aggregationFee, ...changes });
    await backer.training.back(runId, (await backer.training.view(runId)).budget);
    await passDraw(town);
    return runId;
  }

  const train = (role: keyof typeof trainers, runId: string, habits?: Habits): Pupil =>
    trainRun(town, role, trainers[role], runId, habits);

  /** Waits for what the verifier says of a run. */
  async function verdicts(runId: string, event: string, count = 1) {
    for (;;) {
      const found = verifier.lines.filter((line) => line.event === event && line.runId === runId);
      const broken = verifier.lines.find((line) => line.event === 'failed' || line.event === 'exit');
      if (broken) throw new Error(JSON.stringify(broken));
      if (found.length >= count) return found;
      await pause(40);
    }
  }

  const floats = ({ bytes }: { bytes: Uint8Array }): Float32Array =>
    new Float32Array(bytes.slice().buffer, 0, bytes.length / 4);

  /** The mean of what a round's seats ended in, in double precision, is what the round made. */
  async function expectMean(runId: string, round: number): Promise<void> {
    const { rounds } = await backer.training.history(runId);
    const { made } = rounds[round];
    const parts = await Promise.all(
      made!.contributions.map(({ checkpoint }) => backer.training.tensors(runId, checkpoint)),
    );
    const own = await backer.training.tensors(runId, made!.batch.checkpoint);
    let furthest = 0;
    own.forEach((tensor, t) => {
      const seats = parts.map((tensors) => floats(tensors[t]));
      floats(tensor).forEach((value, i) => {
        const mean = seats.reduce((sum, seat) => sum + seat[i], 0) / seats.length;
        furthest = Math.max(furthest, Math.abs(value - mean) / (Math.abs(mean) + 1e-3));
      });
    });
    expect(furthest).to.be.below(1e-5);
    expect(seatsDiffer(parts)).to.equal(true);
  }
  const seatsDiffer = (parts: readonly (readonly { root: string }[])[]) =>
    new Set(parts.map((tensors) => tensors[0].root)).size === parts.length;

  it('is trained by two, each on rows of its own, and every checkpoint is the mean of theirs', async () => {
    const runId = await funded({ rounds: 2, seats: 2 });
    const balance = async (role: Role) => backer.contracts.MielToken.balanceOf(accounts(town.chain)[role].address);
    const before = (await balance('alice')) + (await balance('bob'));
    const inTurn = { stepIn: 600_000 };
    const alice = train('alice', runId, inTurn);
    await alice.times('seated');
    const bob = train('bob', runId, inTurn);
    await untilRound(backer, runId, 2, [alice, bob]);
    const checked = await verdicts(runId, 'checked', 6);
    expect(checked.filter(({ seat }) => seat === 'aggregation').map(({ steps }) => steps)).to.deep.equal([2, 2]);
    await passWindow(town);
    await Promise.all([alice.times('done'), bob.times('done')]);
    await Promise.all([alice.stop(), bob.stop()]);
    const { state, history } = await backer.training.view(runId);
    expect(state).to.equal(RunState.Completed);
    const made = history.batches.filter(({ kind }) => kind === 'aggregation');
    const own = accounts(town.chain);
    // each in its turn: nobody computes what another is at
    expect(made.map(({ batch }) => batch.trainer)).to.deep.equal([own.alice.address, own.bob.address]);
    expect([...alice.said, ...bob.said].some(({ event }) => event === 'overtaken')).to.equal(false);
    for (const round of [0, 1]) await expectMean(runId, round);
    const earned = (await balance('alice')) + (await balance('bob')) - before;
    expect(earned).to.equal(((12n * FEE_PER_STEP + 2n * AGGREGATION_FEE) * 98n) / 100n);
  });

  it('goes on without a seat whose trainer vanished', async () => {
    const runId = await funded({ rounds: 1, seats: 3, depth: 1 });
    const [alice, bob] = [train('alice', runId), train('bob', runId)];
    await Promise.all([alice.times('committed'), bob.times('committed')]);
    await trainers.carol.training.join(runId, 2, 1);
    for (let i = 0; i < 10; i++) await pause(40);
    expect((await backer.training.history(runId)).current.round).to.equal(0);
    await town.pass(3_700);
    await untilRound(backer, runId, 1, [alice, bob]);
    await expectMean(runId, 0);
    const [{ made }] = (await backer.training.history(runId)).rounds;
    expect(made!.contributions.map(({ seat }) => seat)).to.deep.equal([0, 1]);
    await passWindow(town);
    await Promise.all([alice.times('done'), bob.times('done')]);
    await Promise.all([alice.stop(), bob.stop()]);
    expect((await backer.training.view(runId)).state).to.equal(RunState.Completed);
  });

  /** Has an aggregation's second claim made otherwise; steps are honest. */
  const bending = (bend: (inputs: readonly Uint8Array[], tensors: number) => Uint8Array[]): Habits => ({
    trace: (honest) =>
      Object.assign(
        (...[program, onnx, inputs, known]: Parameters<Tracer>) =>
          isSecond(program, inputs)
            ? honest(program, onnx, bend(inputs, (inputs.length - 1) / 3))
            : honest(program, onnx, inputs, known),
        { remake: honest.remake },
      ),
  });
  const isSecond = ({ inputs: [first] }: Parameters<Tracer>[0], inputs: readonly Uint8Array[]) =>
    first.name.startsWith('average/') && floats({ bytes: inputs[inputs.length - 1] })[0] !== 1;

  /** Lets a cheat aggregate what another submitted before it; says its conviction. The other one ends the run. */
  async function convicted(cheating: keyof typeof trainers, cheat: Habits, { late = false, whole = false } = {}) {
    const runId = await funded({ rounds: 1, seats: 2, depth: 1 });
    const first = train('alice', runId);
    await first.times('committed');
    await first.stop();
    if (late) await town.pass(3_700);
    const cheater = train(cheating, runId, cheat);
    const [conviction] = await verdicts(runId, 'convicted');
    await cheater.times('unseated');
    const again = train('alice', runId);
    await again.times('aggregated');
    await expectMean(runId, 0);
    if (whole) {
      await passWindow(town);
      await Promise.all([again.times('done'), cheater.times('done')]);
      expect((await backer.training.view(runId)).state).to.equal(RunState.Completed);
    }
    await Promise.all([again.stop(), cheater.stop()]);
    const history = await backer.training.history(runId);
    expect(history.rounds[0].made!.contributions.length).to.equal(2);
    expect(history.rounds[0].made!.batch.trainer).to.equal(accounts(town.chain).alice.address);
    expect(conviction.provider).to.equal(accounts(town.chain)[cheating].address);
    return conviction;
  }

  it('convicts an aggregator that changes one number and shows no receipt, and another seat ends the run', async () => {
    const putManifest = async (...args: Parameters<Storage['putManifest']>) => {
      const { kind } = args[0] as { kind: string };
      const nowhere = { cid: '', digest: `0x${'22'.repeat(32)}` };
      return kind === 'essaim/aggregation/1' ? nowhere : trainers.bob.storage.putManifest(...args);
    };
    const essaim = (own: Essaim) => altered(own, { storage: altered(own.storage, { putManifest }) });
    const lying = (honest: Tracer): Tracer =>
      Object.assign(
        async (...execution: Parameters<Tracer>) => {
          const own = await honest(...execution);
          if (!isSecond(execution[0], execution[2])) return own;
          const { value } = own.program.outputs[0];
          const bytes = own.values[value]!.bytes.slice();
          bytes[2] ^= 1;
          const values = own.values.map((tensor, i) => (i === value ? bytes : (tensor?.bytes ?? null)));
          return commitValues(own.program, execution[2], values, execution[3]);
        },
        { remake: honest.remake },
      );
    const line = await convicted('bob', { trace: lying, essaim }, { whole: true });
    expect(verifier.lines.some(({ event, seat }) => event === 'withheld' && seat === 'aggregation')).to.equal(true);
    expect(line).to.include({ fault: 'element', leaf: 1, seat: 'aggregation', operator: 'Add' });
  });

  it('convicts an aggregator that gives itself more weight', async () => {
    const heavier = bending((inputs) => [...inputs.slice(0, -1), new Uint8Array(Float32Array.of(0.75).buffer)]);
    const line = await convicted('dave', heavier);
    expect(line).to.include({ fault: 'share', leaf: 1, claimed: 0.75, due: 0.5 });
  });

  it('convicts an aggregator that puts something else in the place of an update', async () => {
    const swapped = bending((inputs, n) => [...inputs.slice(0, 2 * n), ...inputs.slice(n, 2 * n), inputs[3 * n]]);
    const line = await convicted('dora', swapped);
    expect(line.fault).to.equal('update');
  });

  /** Has an aggregation take in something else than what the seats submitted. */
  const takingIn = (change: (submitted: readonly SubmittedBatch[]) => readonly SubmittedBatch[]): Habits => ({
    essaim: (own) => {
      const history = async (runId: string) => {
        const honest = await own.training.history(runId);
        const { current } = honest;
        return altered(honest, { current: { ...current, submitted: change(current.submitted) } });
      };
      return altered(own, { training: altered(own.training, { history }) });
    },
  });

  it('convicts an aggregator that leaves out what was submitted in time', async () => {
    const own = takingIn((submitted) => submitted.filter(({ batch: { seat } }) => seat === 1));
    expect(await convicted('carol', own, { late: true })).to.include({ fault: 'omission', contribution: 0 });
  });

  it('convicts an aggregator that takes in more steps than a seat submitted', async () => {
    const more = takingIn((submitted) =>
      submitted.map((each) => ({ ...each, batch: { ...each.batch, count: each.batch.count + each.batch.seat } })),
    );
    expect(await convicted('founder', more)).to.include({ fault: 'contribution', leaf: 1, contribution: 1 });
  });
});
