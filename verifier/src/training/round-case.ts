import { type Hash, type RunTerms, runBatchId, STEP_FAULTS, type StepFault, toHex } from '@essaim/protocol';
import type { BatchSource, RunParts, SubmittedBatch } from '@essaim/sdk';
import type { Desk } from '../case.ts';
import type { Docket } from '../docket.ts';

/** Everything known about a seat's round before its trainer is asked anything. */
export interface RoundCase extends Docket {
  readonly runId: Hash;
  readonly terms: RunTerms;
  readonly parts: RunParts;
  readonly submitted: SubmittedBatch;
  readonly registry: string;
  readonly seed: Hash;
  readonly dataset: BatchSource;
}

/** What convicting a run's batch takes. */
export function roundDocket(
  { essaim }: Pick<Desk, 'essaim'>,
  runId: Hash,
  terms: RunTerms,
  { batch, parent, contributions }: SubmittedBatch,
  registry: string,
): Omit<Docket, 'batch' | 'model'> {
  const { StepFaults, TrainingRegistry } = essaim.contracts;
  return {
    batchId: runBatchId(registry, runId, batch),
    programId: terms.programId,
    told: { runId, round: batch.round, seat: batch.seat, provider: batch.trainer },
    proveForeign: ({ kind, proof }, salt) => {
      const fault = STEP_FAULTS[kind as StepFault];
      const list = [...contributions];
      return StepFaults.proveFault.populateTransaction(terms, batch, parent, list, fault, toHex(proof), salt);
    },
    punish: () => TrainingRegistry.drop.populateTransaction(terms, batch),
  };
}

/** Reads what a round is about: the run's parts, its seed and data, each checked against its commitment. */
export async function openRound(
  desk: Desk,
  runId: Hash,
  submitted: SubmittedBatch,
  signal?: AbortSignal,
): Promise<RoundCase> {
  const { training, contracts, datasets } = desk.essaim;
  const parts = await training.parts(runId, signal);
  const { terms } = parts;
  const registry = await contracts.TrainingRegistry.getAddress();
  const docket = roundDocket(desk, runId, terms, submitted, registry);
  const [{ root, count }, seed, dataset] = await Promise.all([
    contracts.Claims.batch(docket.batchId),
    contracts.TrainingRegistry.seed(runId),
    datasets.get(terms.dataset, terms.version, signal),
  ]);
  const model = { program: parts.program, onnx: parts.onnx };
  const batch = { root, count: Number(count) };
  return { ...docket, runId, terms, parts, submitted, registry, seed, dataset, batch, model };
}
