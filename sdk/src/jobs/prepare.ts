import { EssaimError } from '@essaim/protocol';
import { cidOfFile, encodeManifest, type Storage } from '@essaim/storage';
import { isError, sha256, ZeroAddress } from 'ethers';
import { chainFailure } from '../chain/reverts.ts';
import { unlessAborted } from '../chain/wait.ts';
import type { InputsManifest } from '../content/manifests.ts';
import type { JobContext } from './context.ts';
import { type EncodedInputs, encodeInputs } from './encode.ts';
import type { JobRequest, PreparedJob } from './request.ts';
import { jobIdOf, randomSalt, type Terms } from './terms.ts';

/** Seconds. */
const WITHIN = 3_600;

/** Checks a request and fixes its terms; `inputs` gives the manifest's digest. Nothing is paid. TERMS_INVALID. */
export async function fixTerms(
  { contracts, provider }: JobContext,
  requester: string,
  request: JobRequest,
  inputs: (encoded: EncodedInputs) => Promise<string>,
  signal?: AbortSignal,
): Promise<PreparedJob> {
  const { model, token, fee, collateral, within = WITHIN } = request;
  const encoded = encodeInputs(model.program, request.inputs);
  const asked = Promise.all([contracts.ModelRegistry.quote(model.id, model.program.id), provider.getBlock('latest')]);
  const [quote, head] = await unlessAborted(asked, signal).catch(async (cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw await chainFailure(cause, 'asking the model’s price');
  });
  const royalty = request.royalty ?? quote.price;
  const now = head?.timestamp ?? Math.floor(Date.now() / 1000);
  const terms: Terms = {
    requester,
    provider: request.provider ?? ZeroAddress,
    token,
    deadline: BigInt(now + within),
    count: BigInt(encoded.claims.length),
    salt: randomSalt(),
    fee,
    royalty,
    model: model.id,
    programId: model.program.id,
    inputsRoot: encoded.inputsRoot,
    inputs: await inputs(encoded),
    collateral,
    isSealed: false,
  };
  return { jobId: idOf(terms), terms, cost: (fee + royalty) * terms.count };
}

function idOf(terms: Terms): string {
  try {
    return jobIdOf(terms);
  } catch (cause) {
    const why = isError(cause, 'INVALID_ARGUMENT') ? `${cause.argument}: ${cause.shortMessage}` : String(cause);
    throw new EssaimError('TERMS_INVALID', `these terms cannot be written: ${why}`, {
      help: 'amounts are not negative and fit their types (IJobMarket.Terms), addresses are addresses',
      cause,
    });
  }
}

/** Stores the inputs and their manifest; returns the manifest's digest. */
export async function publishInputs(
  storage: Storage,
  { claims }: EncodedInputs,
  signal?: AbortSignal,
): Promise<string> {
  const put = (bytes: Uint8Array) => storage.put(bytes, { signal });
  return (await storage.putManifest(await manifestOf(claims, put), { signal })).digest;
}

/** The digest that `publishInputs` would return; nothing is stored. */
export async function digestOfInputs({ claims }: EncodedInputs): Promise<string> {
  return sha256(encodeManifest(await manifestOf(claims, (bytes) => cidOfFile(bytes))));
}

async function manifestOf(
  claims: EncodedInputs['claims'],
  put: (bytes: Uint8Array) => Promise<string>,
): Promise<InputsManifest> {
  const cids: string[][] = [];
  for (const tensors of claims) cids.push(await Promise.all(tensors.map(put)));
  return { kind: 'essaim/inputs/1', claims: cids };
}
