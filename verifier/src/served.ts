import { patiently } from '@essaim/sdk';
import { StorageError } from '@essaim/storage';
import type { Desk } from './case.ts';

/** Failures of one's own storage: nobody is to blame for them, so nothing is demanded. */
const OWN = ['STORAGE_UNREACHABLE', 'STORAGE_FORBIDDEN', 'STORAGE_REFUSED'];
const MAY_COME = [...OWN, 'STORAGE_NOT_FOUND', 'STORAGE_TIMEOUT', 'STORAGE_BYTES_MISMATCH'];

const hasCode = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof StorageError && codes.includes(error.code);

/** Whether one's own storage is at fault. */
export const isOwnFailure = (error: unknown): boolean => hasCode(error, OWN);

/**
 * What an executor serves off chain, or the reason why it has to be demanded: it does not come, or is not what was
 * committed to. Throws where one's own storage is at fault.
 */
export async function served<T>(
  { essaim, patience, rest }: Desk,
  fetch: () => Promise<T>,
  signal?: AbortSignal,
): Promise<{ content: T } | { missing: string }> {
  const passing = (error: unknown) => hasCode(error, MAY_COME);
  const wait = () => patiently(fetch, { interval: essaim.pollingInterval, patience, signal, passing });
  const first = fetch().catch((error) => {
    if (patience === 0 || !passing(error)) throw error;
    return rest ? rest(wait) : wait();
  });
  try {
    return { content: await first };
  } catch (error) {
    if (signal?.aborted || isOwnFailure(error)) throw error;
    return { missing: (error as Error).message };
  }
}
