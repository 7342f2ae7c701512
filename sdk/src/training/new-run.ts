import {
  aggregationProgram,
  commitTensor,
  compile,
  EssaimError,
  listRoot,
  type Program,
  programsPart,
  type RunTerms,
  runIdOf,
  type StepProgram,
  scoreProgram,
  type TensorType,
  ZERO_HASH,
} from '@essaim/protocol';
import { randomSalt } from '../jobs/terms.ts';
import { trainerLeaf } from './allowed.ts';
import { storeTensors } from './checkpoint.ts';
import type { TrainingContext } from './context.ts';
import type { RunManifest } from './manifests.ts';

/** A run to be created: what is trained, on what, by which rules, and what it is worth. */
export interface NewRun {
  /** What `stepProgram` made. */
  step: StepProgram;
  /** The forward model that it was made from; the trained parameters go into it. */
  model: Uint8Array;
  name: string;
  description: string;
  licence: string;
  dataset: bigint;
  /** Default: the newest. */
  version?: number;
  rounds: number;
  /** Steps of a round; with several seats of each. */
  steps: number;
  /** Trainers at a time, each on rows of its own. Default 1. */
  seats?: number;
  /** With several seats: longest difference of an update from the round's beginning; a longer one is shortened to it. */
  clip?: number;
  /** With several seats: what making one checkpoint of a round's updates is paid, in the token's smallest unit. Default 0. */
  aggregationFee?: bigint;
  /**
   * Trainers train on data of their own, show their updates only, and are paid for what these improve on rows of the
   * data set that are drawn afterwards; with several seats. Default: they train on the data set.
   */
  privateShards?: boolean;
  /** The schedule input of a step of the whole run, counted from 0. */
  schedule: (step: number) => Float32Array;
  /** Most rounds that may be pending on one another. Default 1. */
  depth?: number;
  /** ERC-20 of the budget. */
  token: string;
  /** In the token's smallest unit. */
  feePerStep: bigint;
  /** Seconds until the budget has to be there, and until the run may be stopped. */
  fundingSeconds: number;
  deadlineSeconds: number;
  /** Seconds after which a trainer that did not submit loses its seat. */
  roundSeconds: number;
  /** Wei of MIEL that a trainer locks for each pending round. */
  collateral: bigint;
  /** Wei of MIEL that a trainer gets for a round that stood on a rejected one. Default 0. */
  dependantPay?: bigint;
  /** Of the model's shares, in basis points; together 10,000. */
  shares: { backers: number; trainers: number; initiator: number };
  /** Of the model's revenue, in basis points: what the data set draws, and what the base model draws. */
  dataRoyalty?: number;
  baseRoyalty?: number;
  /** Model that the first checkpoint comes from. */
  baseModel?: bigint;
  /** Who may train; default: anyone. */
  trainers?: readonly string[];
}

/** A run that is ready to be created: its parts are stored. */
export interface PreparedRun {
  readonly runId: string;
  readonly terms: RunTerms;
  readonly manifest: RunManifest;
  readonly program: Program;
  /** What {ITrainingRegistry-create} takes beside the terms. */
  readonly programs: Uint8Array;
}

const MILLI = 10n ** 15n;

/**
 * Compiles and checks a run's parts and stores them. RUN_COLUMNS where the data set has other columns than the step
 * takes; RUN_SHARES, RUN_AMOUNT, RUN_PRIVATE; ONNX_…, DATASET_…
 */
export async function prepareRun(
  { storage, datasets, provider, signer }: TrainingContext,
  run: NewRun,
  signal?: AbortSignal,
): Promise<PreparedRun> {
  const { step, rounds, steps, depth = 1, shares } = run;
  const program = compile(step.onnx);
  const carried = [...step.parameters, ...step.state];
  const dataset = await datasets.get(run.dataset, run.version, signal);
  const batch = requireColumns(program, carried.length + 1, dataset.columns);
  if (shares.backers + shares.trainers + shares.initiator !== 10_000) {
    throw new EssaimError('RUN_SHARES', 'the shares of backers, trainers and initiator are not 10,000 together', {
      help: 'give each its basis points of the model: all of it is handed out',
    });
  }
  const schedule = scheduleOf(run);
  const seats = run.seats ?? 1;
  if (run.privateShards && (seats === 1 || run.dependantPay)) {
    throw new EssaimError('RUN_PRIVATE', 'a run of private shards has several seats and pays no dependants', {
      help: 'give seats above 1 and leave dependantPay out',
    });
  }
  const aggregation = seats > 1 ? aggregationProgram(carried, { clip: run.clip }) : null;
  const aggregator = aggregation && compile(aggregation.onnx);
  const score = run.privateShards ? scoreProgram(step) : null;
  const scorer = score && compile(score.onnx);
  const allowed = (run.trainers ?? []).map(trainerLeaf);
  const [stepCid, modelCid, scheduleCid] = await Promise.all(
    [step.onnx, run.model, schedule.bytes].map((bytes) => storage.put(bytes, { signal })),
  );
  const checkpoint = await storeTensors(
    storage,
    carried.map(({ initial }) => ({ bytes: initial })),
    signal,
  );
  const aggregationCid = aggregation && (await storage.put(aggregation.onnx, { signal }));
  const scoreCid = score && (await storage.put(score.onnx, { signal }));
  const manifest: RunManifest = {
    kind: 'essaim/run/1',
    name: run.name,
    description: run.description,
    licence: run.licence,
    step: stepCid,
    programId: program.id,
    model: modelCid,
    parameters: step.parameters.map(({ name }) => name),
    checkpoint,
    schedule: scheduleCid,
    aggregation: aggregationCid,
    score: scoreCid,
    trainers: [...(run.trainers ?? [])],
  };
  const { digest } = await storage.putManifest(manifest, { signal });
  const now = (await provider.getBlock('latest'))!.timestamp;
  const terms: RunTerms = {
    initiator: await signer!.getAddress(),
    token: run.token,
    programId: program.id,
    aggregationProgramId: aggregator?.id ?? ZERO_HASH,
    baseModel: run.baseModel ?? 0n,
    checkpoint: listRoot(carried.map(({ initial }, i) => commitTensor(program.inputs[i].type, initial).root)),
    scheduleRoot: commitTensor(schedule.type, schedule.bytes).root,
    dataset: run.dataset,
    version: dataset.version,
    rows: dataset.rows,
    tensors: carried.length,
    batch,
    steps,
    rounds,
    seats,
    depth,
    feePerStep: run.feePerStep,
    aggregationFee: seats > 1 ? (run.aggregationFee ?? 0n) : 0n,
    fundingDeadline: now + run.fundingSeconds,
    roundSeconds: run.roundSeconds,
    deadline: now + run.deadlineSeconds,
    trainersRoot: listRoot(allowed),
    trainers: allowed.length,
    collateral: milli('collateral', run.collateral),
    dependantPay: milli('dependantPay', run.dependantPay ?? 0n),
    backersShare: shares.backers,
    trainersShare: shares.trainers,
    initiatorShare: shares.initiator,
    dataRoyalty: run.dataRoyalty ?? 0,
    baseRoyalty: run.baseRoyalty ?? 0,
    manifest: digest,
    salt: randomSalt(),
    scoreProgramId: scorer?.id ?? ZERO_HASH,
  };
  const programs = programsPart(program, aggregator ?? undefined, scorer ?? undefined);
  return { runId: runIdOf(terms), terms, manifest, program, programs };
}

function milli(name: string, wei: bigint): bigint {
  if (wei >= 0n && wei % MILLI === 0n) return wei / MILLI;
  throw new EssaimError('RUN_AMOUNT', `${name} is no whole number of milli-MIEL`, {
    help: 'stake counts in thousandths of a MIEL: give a multiple of 1e15 wei',
  });
}

/** Rows of a batch; RUN_COLUMNS unless each column is what the step's input takes, less the batch's axis. */
function requireColumns(
  program: Program,
  first: number,
  columns: readonly { name: string; dtype: string; shape: readonly number[] }[],
): number {
  const inputs = program.inputs.slice(first);
  const batch = inputs[0]?.type.dims[0];
  const fits = (i: number) => {
    const { dtype, dims } = inputs[i].type;
    return dtype === columns[i].dtype && `${dims}` === `${[batch, ...columns[i].shape]}`;
  };
  if (batch && inputs.length === columns.length && inputs.every((_, i) => fits(i))) return batch;
  const show = (type: Pick<TensorType, 'dtype' | 'dims'>) => `${type.dtype}[${type.dims}]`;
  throw new EssaimError('RUN_COLUMNS', 'the data set’s columns are not those that the step program takes', {
    help: `a batch of it is ${inputs.map(({ name, type }) => `${name} ${show(type)}`).join(', ')}, in this order`,
    details: { columns: columns.map(({ name, dtype, shape }) => `${name} ${show({ dtype, dims: shape } as never)}`) },
  });
}

function scheduleOf({ step, rounds, steps, schedule }: NewRun): { type: TensorType; bytes: Uint8Array } {
  const [length] = step.schedule.dims;
  const rows = Array.from({ length: rounds * steps }, (_, s) => schedule(s));
  const wrong = rows.findIndex((row) => row.length !== length || !row.every(Number.isFinite));
  if (wrong >= 0) {
    throw new EssaimError('RUN_SCHEDULE', `the schedule of step ${wrong} is not ${length} finite numbers`, {
      help: 'scheduleRow(optimiser, rate, step) makes the row of a step',
    });
  }
  const bytes = new Uint8Array(Float32Array.from(rows.flatMap((row) => [...row])).buffer);
  return { type: { dtype: 'float32', dims: [rows.length, length], layout: 0 }, bytes };
}
