import { EssaimError, fromHex } from '@essaim/protocol';
import { type Contents, KEY_BYTES, open, type SealingKey, sealedContents, sealingKey } from '@essaim/storage';
import type { JobContext } from '../jobs/context.ts';
import type { Terms } from '../jobs/terms.ts';
import { type SealedPlace, sealingInfo } from './place.ts';
import type { SealedInputsManifest } from './seal-inputs.ts';

/**
 * The key of a sealed job, as its requester sealed it to the provider who holds `privateKey`. SEALED_MALFORMED,
 * SEALED_OTHER_KEY, SEALED_FORGED, SEALED_KEY_INVALID: whatever of these it is, the requester is to blame.
 */
export async function openJobKey(
  storage: Contents,
  place: SealedPlace,
  privateKey: Uint8Array,
  signal?: AbortSignal,
): Promise<SealingKey> {
  const manifest = (await storage.getManifest(place.terms.inputs, { signal })) as Partial<SealedInputsManifest> | null;
  const envelope = manifest?.key instanceof Uint8Array ? manifest.key : new Uint8Array();
  return sealingKey(await open(privateKey, sealingInfo('essaim/sealed-key/1', place), envelope));
}

/** Inputs and results of a sealed job, for whoever has its key. */
export const jobContents = (storage: Contents, place: SealedPlace, key: SealingKey): Contents =>
  sealedContents(storage, key, sealingInfo('essaim/sealed/1', place));

/** A job's context in which its contents can be read: its own, or with the key of a sealed job. JOB_SEALED, JOB_KEY_INVALID */
export async function readable<T extends Pick<JobContext, 'chainId' | 'contracts' | 'storage'>>(
  context: T,
  terms: Terms,
  key: string | undefined,
): Promise<T> {
  if (!terms.isSealed) return context;
  if (key === undefined) {
    throw new EssaimError(
      'JOB_SEALED',
      'this job is sealed: its inputs and its result are readable with its key only',
      {
        help: 'give the key that preparing or posting the job returned',
      },
    );
  }
  const market = await context.contracts.JobMarket.getAddress();
  const place = { chainId: context.chainId, market, terms };
  return { ...context, storage: jobContents(context.storage, place, await jobKeyOf(key)) };
}

/** A job's key from its 32 bytes in hex. JOB_KEY_INVALID */
export async function jobKeyOf(key: string): Promise<SealingKey> {
  if (!/^0x[0-9a-fA-F]{64}$/.test(key)) {
    throw new EssaimError('JOB_KEY_INVALID', 'the key of a sealed job is 32 bytes, written as 0x and 64 hex digits', {
      help: 'give what preparing or posting the job returned as its key',
    });
  }
  return sealingKey(fromHex(key, KEY_BYTES));
}
