import { EssaimError, type Hash } from '@essaim/protocol';
import { jobContents, jobKeyOf, type Terms } from '@essaim/sdk';
import type { Contents } from '@essaim/storage';
import type { Desk } from '../case.ts';

/** A job that its requester lets others check: nobody handed its key over here. */
export class SealedToOthers extends EssaimError {
  constructor(jobId: Hash) {
    super('JOB_SEALED', `job ${jobId} is sealed, and nobody handed its key over`, {
      help: 'only a verifier of the requester’s choice can check it; there is nothing to do',
      details: { jobId },
    });
  }
}

/** Where a job's inputs and result are read: as they lie, or with the key that was handed over. Throws {@link SealedToOthers}. */
export async function contentsOf(
  { essaim, keys }: Pick<Desk, 'essaim' | 'keys'>,
  jobId: Hash,
  market: string,
  terms: Terms,
): Promise<Contents> {
  if (!terms.isSealed) return essaim.storage;
  const key = keys?.get(jobId);
  if (key === undefined) throw new SealedToOthers(jobId);
  const place = { chainId: essaim.deployment.chainId, market, terms };
  return jobContents(essaim.storage, place, await jobKeyOf(key));
}
