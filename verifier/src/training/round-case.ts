import {
  type Hash,
  omittedIn,
  type RunTerms,
  runBatchId,
  STEP_FAULTS,
  type StepFault,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import type { BatchSource, RunParts, SubmittedBatch } from '@essaim/sdk';
import { behind } from '@essaim/sdk/node';
import type { Desk } from '../case.ts';
import type { Docket } from '../docket.ts';

/** Everything known about a batch of a run before its trainer is asked anything; its model is the program of its claims. */
export interface RoundCase extends Docket {
  readonly runId: Hash;
  readonly terms: RunTerms;
  readonly parts: RunParts;
  readonly submitted: SubmittedBatch;
  readonly registry: string;
  readonly seed: Hash;
  readonly dataset: BatchSource;
}

/** How logs name a batch of a run. */
export const toldOf = (runId: Hash, { kind, batch }: Pick<SubmittedBatch, 'kind' | 'batch'>, registry: string) => ({
  ...{
    runId,
    batchId: runBatchId(registry, runId, batch),
    round: batch.round,
    seat: kind === 'aggregation' ? ('aggregation' as const) : batch.seat,
    provider: batch.trainer,
  },
});

/** The terms' program of each kind of batch. */
const PROGRAMS = { steps: 'programId', score: 'scoreProgramId', aggregation: 'aggregationProgramId' } as const;

/** What convicting a run's batch takes. */
export function roundDocket(
  { essaim }: Pick<Desk, 'essaim'>,
  runId: Hash,
  terms: RunTerms,
  { kind: batchKind, batch, parent, contributions }: SubmittedBatch,
  registry: string,
): Omit<Docket, 'batch' | 'model'> {
  const { StepFaults, TrainingRegistry } = essaim.contracts;
  return {
    batchId: runBatchId(registry, runId, batch),
    programId: terms[PROGRAMS[batchKind]],
    told: toldOf(runId, { kind: batchKind, batch }, registry),
    proveForeign: ({ kind, proof, leaf }, salt) => {
      const list = [...contributions];
      if (kind === 'contribution')
        return StepFaults.proveContribution.populateTransaction(runId, batch, list, leaf, salt);
      if (kind === 'omission')
        return StepFaults.proveOmission.populateTransaction(terms, batch, list, omittedIn(proof), salt);
      const fault = STEP_FAULTS[kind as StepFault];
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
  if (count === 0n || seed === ZERO_HASH) throw behind(`round ${submitted.batch.round} of run ${runId}`);
  const { program, onnx } = submitted.kind === 'steps' ? parts : parts[submitted.kind]!;
  const model = { program, onnx };
  const batch = { root, count: Number(count) };
  return { ...docket, runId, terms, parts, submitted, registry, seed, dataset, batch, model };
}
