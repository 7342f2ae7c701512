import { commitTensor, EssaimError, listRoot, type Program } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import { readInputsManifest } from '../content/manifests.ts';
import type { Terms } from './terms.ts';

/**
 * Fetches a job's inputs and checks them against what the requester committed to: for each claim the row-major bytes
 * of each program input. JOB_INPUTS_MISMATCH if they are not what the terms name.
 */
export async function fetchInputs(
  storage: Storage,
  program: Program,
  terms: Terms,
  signal?: AbortSignal,
): Promise<Uint8Array[][]> {
  const { claims } = readInputsManifest(await storage.getManifest(terms.inputs, { signal }));
  const inputs = await Promise.all(claims.map((cids) => Promise.all(cids.map((cid) => storage.get(cid, { signal })))));
  const fits = inputs.every((claim) => claim.length === program.inputs.length);
  if (fits && BigInt(inputs.length) === terms.count && inputsRootOf(program, inputs) === terms.inputsRoot)
    return inputs;
  throw new EssaimError('JOB_INPUTS_MISMATCH', 'the inputs served for this job are not those it was posted with', {
    help: 'do not accept the job; if it was accepted, leave it by its free exit',
  });
}

function inputsRootOf(program: Program, inputs: readonly (readonly Uint8Array[])[]): string {
  return listRoot(
    inputs.map((claim) => listRoot(claim.map((bytes, i) => commitTensor(program.inputs[i].type, bytes).root))),
  );
}
