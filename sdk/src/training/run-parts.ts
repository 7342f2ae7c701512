import {
  checkpointRoot,
  commitTensor,
  compile,
  EssaimError,
  type Hash,
  type Hasher,
  type Program,
  type RunTerms,
  type Tensor,
  type TensorType,
  ZERO_HASH,
} from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import { fetchTensor } from '../content/tensor.ts';
import { fetchCheckpoint } from './checkpoint.ts';
import { type RunManifest, readRunManifest } from './manifests.ts';

/** Everything that training a run takes, each part checked against its terms. */
export interface RunParts {
  readonly terms: RunTerms;
  readonly manifest: RunManifest;
  /** The step program's file, and what it compiles to. */
  readonly onnx: Uint8Array;
  readonly program: Program;
  /** float32 [rounds × steps, k]. */
  readonly schedule: Tensor;
  /** The aggregation program; null with one seat. */
  readonly aggregation: RunProgram | null;
  /** What updates are scored by; null unless trainers have data of their own. */
  readonly score: RunProgram | null;
}

/** A program of a run with its file. */
export interface RunProgram {
  readonly onnx: Uint8Array;
  readonly program: Program;
}

/** Types of a checkpoint's tensors. */
export const checkpointTypes = ({ program, terms }: Pick<RunParts, 'program' | 'terms'>): TensorType[] =>
  program.inputs.slice(0, terms.tensors).map(({ type }) => type);

/** Bytes of one step's schedule. */
export function scheduleAt({ schedule }: Pick<RunParts, 'schedule'>, step: number): Uint8Array {
  const width = 4 * schedule.type.dims[1];
  return schedule.bytes.slice(step * width, (step + 1) * width);
}

/** Fetches a run's programs and schedule. RUN_MISMATCH where a part is not what the terms commit to. */
export async function fetchRunParts(
  storage: Storage,
  terms: RunTerms,
  { hasher, signal }: { hasher?: Hasher; signal?: AbortSignal } = {},
): Promise<RunParts> {
  const manifest = readRunManifest(await storage.getManifest(terms.manifest, { signal }));
  const onnx = await storage.get(manifest.step, { signal });
  const program = compile(onnx);
  if (program.id !== terms.programId) mismatch('the step program');
  const width = program.inputs[terms.tensors].type.dims[0];
  const type: TensorType = { dtype: 'float32', dims: [terms.rounds * terms.steps, width], layout: 0 };
  const bytes = await fetchTensor(storage, type, manifest.schedule, signal);
  const schedule = bytes && commitTensor(type, bytes, hasher);
  if (schedule?.root !== terms.scheduleRoot) return mismatch('the schedule');
  return {
    terms,
    manifest,
    onnx,
    program,
    schedule,
    aggregation: await fetchProgram(storage, 'aggregation', manifest.aggregation, terms.aggregationProgramId, signal),
    score: await fetchProgram(storage, 'score', manifest.score, terms.scoreProgramId, signal),
  };
}

async function fetchProgram(
  storage: Storage,
  name: string,
  cid: string | null,
  programId: Hash,
  signal?: AbortSignal,
): Promise<RunProgram | null> {
  if (programId === ZERO_HASH) return null;
  if (cid === null) return mismatch(`the ${name} program`);
  const onnx = await storage.get(cid, { signal });
  const program = compile(onnx);
  return program.id === programId ? { onnx, program } : mismatch(`the ${name} program`);
}

/** The checkpoint that the run begins from. CHECKPOINT_MISMATCH */
export const firstCheckpoint = (
  storage: Storage,
  parts: RunParts,
  options?: { hasher?: Hasher; signal?: AbortSignal },
): Promise<Tensor[]> =>
  fetchCheckpoint(storage, checkpointTypes(parts), parts.manifest.checkpoint, parts.terms.checkpoint, options);

/** Whether these tensors are the checkpoint `root`. */
export const isCheckpoint = (tensors: readonly Tensor[], root: Hash): boolean => checkpointRoot(tensors) === root;

function mismatch(what: string): never {
  throw new EssaimError('RUN_MISMATCH', `${what} that is served is not what the run's terms commit to`, {
    help: 'do not train or fund it: its initiator published something else',
  });
}
