import {
  type Contribution,
  chainClaims,
  checkpointRoot,
  claimOf,
  type Execution,
  type RunBatch,
  type RunTerms,
  runBatchId,
  runIdOf,
  scoreProof,
  scoreRows,
  type Tensor,
  toHex,
  updateCommitment,
  ZERO_HASH,
} from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { COLUMNS, connection, headerOf, reach, running, SCORE, type Training } from './fixture.ts';
import type { Made } from './trainer.ts';

const { ethers } = connection;
const trace = openTracer();
export const SALT = ethers.id('salt');

/** A private run of these seats. */
export const scoredRun = (system: Training, trainers: HardhatEthersSigner[], changes: Partial<RunTerms> = {}) =>
  running(system, { seats: 2, dependantPay: 0n, scoreProgramId: SCORE.program.id, ...changes }, trainers);

export const commit = (system: Training, terms: RunTerms, trainer: HardhatEthersSigner, root: string, turn = 1) =>
  system.scores.connect(trainer).commit(terms, updateCommitment(runIdOf(terms), turn, trainer.address, root, SALT));

/** Records the random round of a turn, which names its rows. */
export async function drawn(system: Training, terms: RunTerms, turn = 1): Promise<void> {
  const phase = await system.scores.phase(runIdOf(terms), turn);
  await reach(phase.drawn);
  await system.randomness.record(phase.drawn, await headerOf(phase.drawn));
}

/** A seat's score as its trainer made it. */
export interface Score extends Made {
  readonly losses: readonly number[];
  readonly proof: string;
}

/** Scores an update on the rows that are drawn; `inputs` changes those of a claim. */
export async function scoreOf(
  system: Training,
  terms: RunTerms,
  trainer: HardhatEthersSigner,
  place: { round: number; turn: number; seat: number },
  parent: readonly Tensor[],
  update: readonly Tensor[],
  inputs: (leaf: number, own: Uint8Array[]) => Uint8Array[] = (_, own) => own,
): Promise<Score> {
  const runId = runIdOf(terms);
  const registry = await system.registry.getAddress();
  const rows = scoreRows(terms, await system.scores.seed(runId, place.turn));
  const columns = COLUMNS.map(({ type, bytes }) => {
    const size = 4 * type.dims.slice(1).reduce((n, d) => n * d, 1);
    return Uint8Array.from(Buffer.concat(rows.map((row) => bytes.subarray(row * size, (row + 1) * size))));
  });
  const executions: Execution[] = [];
  for (const [leaf, tensors] of [parent, update].entries()) {
    const honest = [...tensors.map(({ bytes }) => Uint8Array.from(bytes)), ...columns];
    executions.push(await trace(SCORE.program, SCORE.onnx, inputs(leaf, honest)));
  }
  const info = { ...place, nextTurn: 0, trainer: trainer.address, count: 2, contributions: ZERO_HASH };
  const batchInfo: RunBatch = { ...info, checkpoint: checkpointRoot(update) };
  const claims = executions.map((execution) => claimOf(execution, ZERO_HASH));
  const began = checkpointRoot(parent);
  const chained = chainClaims({ chainId: system.chainId, registry, runId }, batchInfo, began, claims);
  const contexts = chained.claims.map(({ context }) => context);
  const loss = SCORE.program.outputs[0].value;
  return {
    ...chained,
    batchInfo,
    batchId: runBatchId(registry, runId, batchInfo),
    executions,
    tensors: update,
    contributions: [],
    losses: executions.map(({ values }) => new Float32Array(values[loss]!.bytes.slice().buffer)[0]),
    proof: toHex(scoreProof(executions, contexts)),
    parent: began,
  };
}

export const show = (system: Training, terms: RunTerms, trainer: HardhatEthersSigner, score: Score) =>
  system.scores.connect(trainer).score(terms, score.batchInfo.checkpoint, SALT, score.proof, ethers.id('receipt'));

/** A score as an aggregation takes it in, paid as so many steps. */
export const scoredContribution = (
  { batchInfo: { seat, trainer, checkpoint } }: Score,
  count: number,
): Contribution => ({
  seat,
  count,
  trainer,
  checkpoint,
});
