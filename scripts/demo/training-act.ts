import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, type StepProgram, stepProgram } from '@essaim/protocol';
import type { Essaim, PreparedRun, WatchedRound } from '@essaim/sdk';
import { importDataset, parseColumn } from '@essaim/sdk/node';
import { type JsonRpcProvider, parseEther } from 'ethers';
import { loadDigits } from '../../models/digits/digits.ts';
import { digitsCsv } from '../../models/digits/write-csv.ts';
import { loadExample } from '../../models/training/examples.ts';
import type { Line } from '../lib/processes.ts';
import type { Role } from './accounts.ts';
import type { Settings } from './cheating-provider.ts';
import { advanceClock } from './clock.ts';
import type { Progress } from './progress.ts';

/** What the training act needs of the stage. */
export interface TrainingStage {
  readonly folder: string;
  readonly chain: JsonRpcProvider;
  readonly progress: Progress;
  readonly token: string;
  address(role: Role): string;
  connect(role: Role): Promise<Essaim>;
  /** Settings that every daemon has. */
  settings(role: Role): Omit<Settings, 'cheats'>;
  /** Starts a provider as anybody runs it, or one that cheats. */
  provide(role: Role, args: readonly string[]): Promise<void>;
  cheat(settings: Settings): Promise<void>;
  heard(): readonly Line[];
  until(count: number, text: string, matches: (line: Line) => boolean): Promise<void>;
}

/** What somebody got out of the trained model's one sale, in wei. */
export interface Earning {
  who: Role;
  why: 'backer' | 'trainer' | 'initiator' | 'data';
  /** Of the model's 1,000,000 shares, or of the data set's 10, with 18 decimals. */
  shares: bigint;
  earned: bigint;
}

export interface TrainingOutcome {
  run: PreparedRun;
  budget: bigint;
  rounds: WatchedRound[];
  conviction: Line;
  /** Held-out digits that the trained model read right in the job that was sold, and how many there were. */
  right: number;
  read: number;
  price: bigint;
  earnings: Earning[];
}

const ROUNDS = 4;
const STEPS = 10;
const DATA_PRICE = parseEther('5');
const FEE_PER_STEP = parseEther('1');
const PRICE = parseEther('10');
const INFERENCE_FEE = parseEther('2');
/** Step of all that dave makes in which he changes one number. */
const LIE_AT = ROUNDS + STEPS;
const MONTH = 30 * 86_400;

/** Trains the digits' CNN by two trainers, one of whom changes a gradient; sells one inference of what comes of it. */
export async function trainingAct(stage: TrainingStage): Promise<TrainingOutcome> {
  const { progress, token } = stage;
  const example = loadExample('digits');
  const step = stepProgram(example.onnx, example.options);
  const [modeller, requester, alice, dora] = await Promise.all(
    (['modeller', 'requester', 'alice', 'dora'] as const).map((role) => stage.connect(role)),
  );
  progress.step('registering a data set, creating a run and backing it');
  const dataset = await registerDigits(stage, dora);
  const run = await modeller.training.create({
    ...{ step, model: example.onnx, dataset, token, schedule: example.schedule },
    ...{ name: 'Digits, trained by many', description: 'Reads 32 handwritten digits', licence: 'CC BY 4.0' },
    ...{ rounds: ROUNDS, steps: STEPS, depth: ROUNDS, feePerStep: FEE_PER_STEP },
    ...{ fundingSeconds: 86_400, deadlineSeconds: MONTH, roundSeconds: 3_600, collateral: parseEther('200') },
    ...{ shares: { backers: 5_000, trainers: 4_000, initiator: 1_000 }, dataRoyalty: 1_000 },
  });
  const { runId } = run;
  const { budget } = await requester.training.view(runId);
  await alice.training.back(runId, budget / 3n);
  await requester.training.back(runId, budget);
  // one by one: blocks that a local chain mines at once have no randomness
  for (let i = 0; i < 34; i++) await stage.chain.send('evm_mine', []);

  const conviction = await train(stage, step, runId);
  await advanceClock(stage.chain, requester);
  await stage.until(1, 'completing the run', ({ event }) => event === 'completed');
  const rounds = await watched(requester, runId);
  await requester.training.payData(runId);
  const model = await modelOf(requester, runId);
  const { right, read } = await sell(stage, modeller, requester, run, model);
  const earnings = await payOut(stage, requester, run, model);
  for (const essaim of [modeller, requester, alice, dora]) essaim.close();
  return { run, budget, rounds, conviction, right, read, price: PRICE, earnings };
}

/** Dora's rows of digits, of which the modeller contributed a tenth. */
async function registerDigits({ folder, token, address }: TrainingStage, dora: Essaim): Promise<bigint> {
  const csv = join(folder, 'digits.csv');
  writeFileSync(csv, digitsCsv('train'));
  const columns = ['x: uint8[8, 8] from p0..p63', 'target: uint8[] from digit'].map(parseColumn);
  const local = await importDataset(csv, join(folder, 'digits'), { schema: { columns } });
  const { id } = await dora.datasets.register(local, {
    ...{ name: 'Digits', description: 'Scans of handwritten digits', licence: 'CC BY 4.0', price: DATA_PRICE, token },
    contributors: [
      { account: address('dora'), shares: parseEther('9'), note: 'scanned them' },
      { account: address('modeller'), shares: parseEther('1'), note: 'named them' },
    ],
  });
  await local.close();
  return id;
}

/** Dave has the seat first, and lies; carol gets it when he is convicted. */
async function train(stage: TrainingStage, step: StepProgram, runId: string): Promise<Line> {
  const program = compile(step.onnx);
  const dave: Settings = {
    ...stage.settings('dave'),
    trains: true,
    cheats: [{ programId: program.id, claim: LIE_AT, lie: { tensor: gradientIn(program), element: 7, delta: 0.001 } }],
  };
  await stage.cheat(dave);
  const of = (event: string) => (line: Line) => line.event === event && line.runId === runId;
  await stage.until(1, 'dave takes the seat', of('seated'));
  await stage.provide('carol', ['--train', `${stage.token}=1`, '--train-run', runId]);
  await stage.until(1, 'finding the changed gradient', of('convicted'));
  await stage.until(2, 'carol takes the seat', of('seated'));
  const carol = stage.address('carol');
  const checked = (line: Line) => of('checked')(line) && line.provider === carol;
  await stage.until(ROUNDS - 1, 'rounds trained and checked', checked);
  return stage.heard().find(of('convicted'))!;
}

/** The gradient of the second convolution's filters. */
function gradientIn({ operators, values }: ReturnType<typeof compile>): string {
  const op = operators.findLast(({ name, node }) => name === 'Transpose' && node.startsWith('d(node_conv2d_1)'))!;
  const { source } = values[op.firstValue];
  return 'onnx' in source ? source.onnx : '';
}

async function watched(essaim: Essaim, runId: string): Promise<WatchedRound[]> {
  const rounds: WatchedRound[] = [];
  for await (const round of essaim.training.watch(runId)) rounds.push(round);
  return rounds;
}

async function modelOf({ contracts }: Essaim, runId: string): Promise<bigint> {
  const { RunEscrow } = contracts;
  const [made] = await RunEscrow.queryFilter(RunEscrow.filters.ModelMade(runId));
  return made.args.model;
}

/** Publishes the trained model; the requester has 32 held-out digits read by it, and alice is paid. */
async function sell(
  stage: TrainingStage,
  modeller: Essaim,
  requester: Essaim,
  { runId }: PreparedRun,
  id: bigint,
): Promise<{ right: number; read: number }> {
  const { progress, token } = stage;
  progress.step('selling an inference of the trained model');
  const { program } = await modeller.training.publish(runId, id, { token, price: PRICE });
  await requester.training.verifyTrained(runId, program.id);
  const { scans, labels, heldOut } = loadDigits();
  const rows = heldOut.slice(0, 32);
  const { MielToken, JobMarket } = requester.contracts;
  await (await MielToken.approve(await JobMarket.getAddress(), parseEther('100'))).wait();
  const before = stage.heard().filter(({ event }) => event === 'paid').length;
  const { outputs, jobId } = await requester.jobs.run({
    model: await requester.models.load(id, program.id),
    inputs: [Uint8Array.from(rows.flatMap((row) => [...scans[row]]))],
    ...{ token, fee: INFERENCE_FEE, collateral: parseEther('100') },
    provider: stage.address('alice'),
  });
  await stage.until(1, 'checking the inference', (line) => line.event === 'checked' && line.jobId === jobId);
  await advanceClock(stage.chain, requester);
  await stage.until(before + 1, 'paying the inference', ({ event }) => event === 'paid');
  const logits = outputs[0][0].data as Float32Array;
  const read = rows.map((_, i) => indexOfMost(logits.subarray(10 * i, 10 * i + 10)));
  return { right: read.filter((digit, i) => digit === labels[rows[i]]).length, read: rows.length };
}

const indexOfMost = (numbers: Float32Array): number => numbers.indexOf(Math.max(...numbers));

/** Everybody takes what is theirs: shares, revenue, what the cheat lost, fees. */
async function payOut(
  stage: TrainingStage,
  requester: Essaim,
  { runId, terms }: PreparedRun,
  model: bigint,
): Promise<Earning[]> {
  const { token, chain, progress } = stage;
  progress.step('handing out shares, revenue and compensation');
  const { contracts, training, shares } = requester;
  for (const role of ['requester', 'alice', 'modeller'] as const)
    await training.claimShares(runId, stage.address(role));
  await stage.until(2, 'trainers take their shares', ({ event }) => event === 'done');
  await shares.draw(terms.dataset, token);
  const earnings: Earning[] = [];
  const claim = async (who: Role, why: Earning['why'], asset: bigint) => {
    const { balance } = await shares.of(asset, stage.address(who));
    earnings.push({ who, why, shares: balance, earned: await shares.claim(asset, token, stage.address(who)) });
  };
  await claim('requester', 'backer', model);
  await claim('alice', 'backer', model);
  await claim('carol', 'trainer', model);
  await claim('dave', 'trainer', model);
  await claim('modeller', 'initiator', model);
  await claim('dora', 'data', terms.dataset);
  await claim('modeller', 'data', terms.dataset);
  await chain.send('evm_increaseTime', [MONTH + 1]);
  await chain.send('evm_mine', []);
  for (const role of ['requester', 'alice'] as const) await training.compensate(runId, stage.address(role));
  const { JobMarket, RunEscrow, TimelockController, AuditPool } = contracts;
  await (await JobMarket.collect(token, AuditPool)).wait();
  for (const payer of [JobMarket, RunEscrow]) {
    await (await payer.collect(token, TimelockController)).wait();
    await (await payer.burnFees()).wait();
  }
  const verifier = await stage.connect('verifier');
  await (await verifier.contracts.StakeManager.withdrawCredit()).wait();
  verifier.close();
  await (await contracts.StakeManager.burn()).wait();
  return earnings;
}
