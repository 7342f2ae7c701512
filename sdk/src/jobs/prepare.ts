import { EssaimError, isBlinded, ZERO_HASH } from '@essaim/protocol';
import { makeSealingKey } from '@essaim/storage';
import { isError, ZeroAddress } from 'ethers';

import { chainFailure } from '../chain/reverts.ts';
import { unlessAborted } from '../chain/wait.ts';
import { sealInputs } from '../sealed/seal-inputs.ts';
import type { JobContext } from './context.ts';
import { type EncodedInputs, encodeInputs } from './encode.ts';
import { openInputs, type PublishableInputs } from './publish-inputs.ts';
import type { JobRequest, PreparedJob } from './request.ts';
import { jobIdOf, randomSalt, type Terms } from './terms.ts';

/** Seconds. */
const WITHIN = 3_600;

/** A request whose terms are fixed, and its inputs, which are not stored yet. */
export interface FixedJob {
  readonly prepared: PreparedJob;
  publish(signal?: AbortSignal): Promise<void>;
}

/**
 * Checks a request and fixes its terms. Nothing is stored or paid. TERMS_INVALID; of a sealed job MODEL_UNBLINDED,
 * SEALING_KEY_UNKNOWN.
 */
export async function fixJob(
  context: JobContext,
  requester: string,
  request: JobRequest,
  signal?: AbortSignal,
): Promise<FixedJob> {
  const { contracts, provider, storage } = context;
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
    inputs: ZERO_HASH,
    collateral,
    isSealed: request.sealed ?? false,
  };
  idOf(terms);
  const inputs = terms.isSealed
    ? await sealedInputs(context, request, terms, encoded)
    : await openInputs(encoded.claims);
  terms.inputs = inputs.digest;
  const prepared = { jobId: idOf(terms), terms, cost: (fee + royalty) * terms.count, key: inputs.key };
  return { prepared, publish: (until) => inputs.publish(storage, until) };
}

/** The inputs sealed to a new key of the job's, for the provider that the terms name. */
async function sealedInputs(
  { chainId, contracts, agents }: JobContext,
  { model, guessable }: JobRequest,
  terms: Terms,
  { claims }: EncodedInputs,
): Promise<PublishableInputs> {
  if (!isBlinded(model.program) && !guessable) {
    throw new EssaimError('MODEL_UNBLINDED', 'nothing random goes into this model: who guesses an input can check it', {
      help: 'use a model that was published blinded, or say that the inputs may be guessable',
    });
  }
  const place = { chainId, market: await contracts.JobMarket.getAddress(), terms };
  return sealInputs(claims, place, await agents.sealingKey(terms.provider), await makeSealingKey());
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
