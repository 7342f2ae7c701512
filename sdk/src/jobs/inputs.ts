import { EssaimError, type Program } from '@essaim/protocol';
import type { Contents } from '@essaim/storage';
import { readInputsManifest } from '../content/manifests.ts';
import { fetchTensor } from '../content/tensor.ts';
import { inputsRootOf } from './encode.ts';
import type { Terms } from './terms.ts';

/**
 * Fetches a job's inputs and checks them against what the requester committed to: for each claim the row-major bytes
 * of each program input. JOB_INPUTS_MISMATCH if they are not what the terms name.
 */
export async function fetchInputs(
  storage: Contents,
  program: Program,
  terms: Terms,
  signal?: AbortSignal,
): Promise<Uint8Array[][]> {
  const { claims } = readInputsManifest(await storage.getManifest(terms.inputs, { signal }));
  const fits = claims.every((cids) => cids.length === program.inputs.length);
  if (!fits || BigInt(claims.length) !== terms.count) throw mismatch();
  const fetched = claims.map((cids) =>
    Promise.all(cids.map((cid, i) => fetchTensor(storage, program.inputs[i].type, cid, signal))),
  );
  const inputs = await Promise.all(fetched);
  if (!isComplete(inputs) || inputsRootOf(program, inputs) !== terms.inputsRoot) throw mismatch();
  return inputs;
}

const isComplete = (inputs: (Uint8Array | undefined)[][]): inputs is Uint8Array[][] =>
  inputs.flat().every((bytes) => bytes !== undefined);

const mismatch = () =>
  new EssaimError('JOB_INPUTS_MISMATCH', 'the inputs served for this job are not those it was posted with', {
    help: 'do not accept the job; if it was accepted, leave it by its free exit',
  });
