import { compile, EssaimError, type Program, readOnnx, type Tensor, withParameters, writeOnnx } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import type { RunParts } from './run-parts.ts';

/** The model that a run trained: its forward graph with the parameters of a checkpoint. */
export interface TrainedModel {
  readonly onnx: Uint8Array;
  readonly program: Program;
}

/** Makes it, byte for byte the same everywhere. RUN_MISMATCH where the forward model lacks a parameter. */
export async function makeTrainedModel(
  storage: Storage,
  { manifest }: Pick<RunParts, 'manifest'>,
  checkpoint: readonly Tensor[],
  signal?: AbortSignal,
): Promise<TrainedModel> {
  const forward = readOnnx(await storage.get(manifest.model, { signal }));
  const known = new Set(forward.initializers.map(({ name }) => name));
  const parameters = manifest.parameters.map((name) => ({ name }));
  const missing = parameters.find(({ name }) => !known.has(name));
  if (missing) {
    throw new EssaimError('RUN_MISMATCH', `the forward model has no parameter ${missing.name}`, {
      help: 'do not use it: its initiator published another model than the one that was trained',
    });
  }
  const values = checkpoint.slice(0, parameters.length).map(({ bytes }) => bytes);
  const onnx = writeOnnx(withParameters(forward, parameters, values));
  return { onnx, program: compile(onnx) };
}
