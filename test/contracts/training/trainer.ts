import {
  type ChainedClaims,
  type Contribution,
  chainClaims,
  checkpointRoot,
  claimOf,
  contributionsDigest,
  type Execution,
  type RunBatch,
  type RunTerms,
  rowsOf,
  runBatchId,
  runIdOf,
  SUBMISSION_TYPES,
  stepOf,
  submissionDomain,
  type Tensor,
  weightOf,
  ZERO_HASH,
} from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import type { Signer, TypedDataDomain } from 'ethers';
import { AGGREGATION, COLUMNS, connection, floats, STEP, scheduleOf, type Training } from './fixture.ts';
import { TENSORS } from './programs.ts';

const { ethers } = connection;
const trace = openTracer();

/** A seat's batch as its trainer made it. */
export interface Made extends ChainedClaims {
  readonly batchInfo: RunBatch;
  readonly batchId: string;
  readonly executions: readonly Execution[];
  /** Tensors of its checkpoint. */
  readonly tensors: readonly Tensor[];
  readonly contributions: Contribution[];
  /** Checkpoint that its round began from. */
  readonly parent: string;
}

/** Where a batch stands: its round, and what that began from. */
export interface Start {
  readonly round: number;
  readonly turn: number;
  readonly tensors: readonly Tensor[];
}

/** What a cheat does otherwise; every part has an honest default. */
export interface Cheat {
  /** Steps in the batch. */
  count?: number;
  /** Inputs of a step, given the honest ones. */
  inputs?: (step: number, inputs: Uint8Array[]) => Uint8Array[];
  /** An execution, given the honest one. */
  execution?: (step: number, own: Execution) => Execution;
  /** The batch's claims are chained as of this one. */
  stated?: (batch: RunBatch) => RunBatch;
  /** What the batch states as its checkpoint. */
  checkpoint?: string;
  /** What the terms are taken for. */
  terms?: RunTerms;
}

export const outputsOf = ({ program, values }: Execution): Tensor[] =>
  program.outputs.slice(0, TENSORS).map(({ value }) => values[value]!);

/** Honest inputs of a step: tensors, schedule row, rows that the seed names. */
export function stepInputs(
  terms: RunTerms,
  seed: string,
  place: { round: number; seat: number; step: number },
  tensors: readonly Uint8Array[],
): Uint8Array[] {
  const rows = rowsOf(terms, seed, place);
  const global = stepOf(terms, place.round, place.step);
  const schedule = scheduleOf(terms.rounds * terms.steps).bytes.subarray(4 * global, 4 * global + 4);
  const columns = COLUMNS.map(({ type, bytes }) => {
    const size = 4 * type.dims.slice(1).reduce((n, d) => n * d, 1);
    return Buffer.concat(rows.map((row) => bytes.subarray(row * size, (row + 1) * size)));
  });
  return [...tensors, schedule, ...columns].map((bytes) => Uint8Array.from(bytes));
}

/** Trains a round, without submitting it. */
export async function train(
  system: Training,
  terms: RunTerms,
  trainer: HardhatEthersSigner,
  start: Start,
  { seat = 0, cheat = {} }: { seat?: number; cheat?: Cheat } = {},
): Promise<Made> {
  const runId = runIdOf(terms);
  const seed = await system.registry.seed(runId);
  const count = cheat.count ?? terms.steps;
  const executions: Execution[] = [];
  let tensors = start.tensors;
  for (let step = 0; step < count; step++) {
    const place = { round: start.round, seat, step };
    const bytes = tensors.map((tensor) => tensor.bytes);
    const honest = stepInputs(cheat.terms ?? terms, seed, place, bytes);
    const inputs = cheat.inputs?.(step, honest) ?? honest;
    const own = await trace(STEP.program, STEP.onnx, inputs);
    executions.push(cheat.execution?.(step, own) ?? own);
    tensors = outputsOf(executions[step]);
  }
  const batchInfo: RunBatch = {
    round: start.round,
    turn: start.turn,
    nextTurn: 0,
    seat,
    trainer: trainer.address,
    count,
    checkpoint: cheat.checkpoint ?? checkpointRoot(tensors),
    contributions: ZERO_HASH,
  };
  return chained(system, runId, batchInfo, start, executions, tensors, [], cheat.stated);
}

async function chained(
  system: Training,
  runId: string,
  batchInfo: RunBatch,
  start: Start,
  executions: readonly Execution[],
  tensors: readonly Tensor[],
  contributions: Contribution[],
  stated: (batch: RunBatch) => RunBatch = (batch) => batch,
): Promise<Made> {
  const registry = await system.registry.getAddress();
  const parent = checkpointRoot(start.tensors);
  const claims = executions.map((execution) => claimOf(execution, ZERO_HASH));
  const made = chainClaims({ chainId: system.chainId, registry, runId }, stated(batchInfo), parent, claims);
  return {
    ...made,
    batchInfo,
    batchId: runBatchId(registry, runId, batchInfo),
    executions,
    tensors,
    contributions,
    parent,
  };
}

export const submit = (system: Training, terms: RunTerms, trainer: HardhatEthersSigner, made: Made) =>
  system.registry
    .connect(trainer)
    .submit(
      runIdOf(terms),
      made.batchInfo.turn,
      made.batchInfo.count,
      made.batchInfo.checkpoint,
      made.batch.root,
      ethers.id('receipt'),
    );

/** A batch as `submitFor` takes it, signed by its trainer for the place that `signed` says otherwise than the batch. */
export async function signed(
  system: Training,
  runId: string,
  signer: { address: string; signTypedData: Signer['signTypedData'] },
  batch: Pick<RunBatch, 'round' | 'turn' | 'seat' | 'count' | 'checkpoint'> & { batchRoot: string },
  place: Record<string, unknown> = {},
  domain: TypedDataDomain = {},
) {
  const { count, checkpoint, batchRoot, round, turn, seat } = batch;
  const receipt = ethers.id('receipt');
  const own = { ...submissionDomain(system.chainId, await system.registry.getAddress()), ...domain };
  const values = { runId, round, turn, seat, count, checkpoint, batchRoot, receipt, ...place };
  const signature = await signer.signTypedData(own, SUBMISSION_TYPES, values);
  return { trainer: signer.address, count, checkpoint, batchRoot, receipt, signature };
}

/** Trains a round and submits it. */
export async function round(...args: Parameters<typeof train>): Promise<Made> {
  const made = await train(...args);
  await submit(args[0], args[1], args[2], made);
  return made;
}

export const contributionOf = ({ batchInfo: { seat, count, trainer, checkpoint } }: Made): Contribution => ({
  seat,
  count,
  trainer,
  checkpoint,
});

/** Aggregates contributions, without submitting. `turn` is that of the round which it begins. */
export async function average(
  system: Training,
  terms: RunTerms,
  aggregator: HardhatEthersSigner,
  start: Start & { nextTurn: number },
  contributed: readonly Made[],
  {
    inputs: change = (_, honest) => honest,
    listed = contributed.map(contributionOf),
  }: { inputs?: (leaf: number, inputs: Uint8Array[]) => Uint8Array[]; listed?: Contribution[] } = {},
): Promise<Made> {
  const executions: Execution[] = [];
  let tensors = start.tensors;
  for (const [leaf, made] of contributed.entries()) {
    const groups = [...tensors, ...start.tensors, ...made.tensors].map(({ bytes }) => bytes);
    const inputs = change(leaf, [...groups, floats([weightOf(listed, leaf)])]);
    executions.push(await trace(AGGREGATION.program, AGGREGATION.onnx, inputs));
    tensors = outputsOf(executions[leaf]);
  }
  const batchInfo: RunBatch = {
    round: start.round,
    turn: start.turn,
    nextTurn: start.nextTurn,
    seat: 0,
    trainer: aggregator.address,
    count: listed.length,
    checkpoint: checkpointRoot(tensors),
    contributions: contributionsDigest(listed),
  };
  return chained(system, runIdOf(terms), batchInfo, start, executions, tensors, listed);
}

export const aggregate = (system: Training, terms: RunTerms, aggregator: HardhatEthersSigner, made: Made) =>
  system.registry
    .connect(aggregator)
    .aggregate(
      runIdOf(terms),
      made.batchInfo.turn,
      made.batchInfo.nextTurn,
      made.contributions,
      made.batchInfo.checkpoint,
      made.batch.root,
      ethers.id('receipt'),
    );

/** A round as `settle` takes it. */
export const settledRound = (contributed: readonly Made[], aggregation?: Made) => ({
  aggregator: aggregation?.batchInfo.trainer ?? ethers.ZeroAddress,
  checkpoint: (aggregation ?? contributed[0]).batchInfo.checkpoint,
  contributions: contributed.map(contributionOf),
});
