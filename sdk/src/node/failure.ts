import { EssaimError } from '@essaim/protocol';
import { StorageError } from '@essaim/storage';
import { diskFailure } from './disk-failure.ts';

/** A failure as logs tell it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

/**
 * Failures of wires and of what may still come: another try may succeed. Contracts' own errors say that a state changed,
 * and what an event told of and is unknown is not there yet.
 */
const PASSING =
  /^(CHAIN_|DISK_|WALLET_|PROVIDER_STAKE$|(CHECKPOINT|DATASET|JOB|RUN)_UNKNOWN$|STORAGE_(UNREACHABLE|TIMEOUT|NOT_FOUND|FORBIDDEN|REFUSED|BYTES_MISMATCH)$|[A-Z][A-Za-z]+_[A-Z][a-z])/;

/** Whether the same thing may succeed later. What is not an error of ours comes from a wire. */
export function isPassing(error: unknown): boolean {
  if (error instanceof EssaimError || error instanceof StorageError) return PASSING.test(error.code);
  return true;
}

/** Code, message and help of whatever was thrown. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof EssaimError || error instanceof StorageError) {
    const { code, message, help } = error;
    return { code, message, help };
  }
  const full = diskFailure(error);
  if (full) return { code: full.code, message: full.message, help: full.help };
  return { code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) };
}

/** Of something that an event told of and the chain does not know: another node behind the same address is behind. */
export const behind = (what: string): EssaimError =>
  new EssaimError('CHAIN_BEHIND', `the endpoint does not know ${what} yet, of which it told an event`, {
    help: 'its nodes are not at the same block; it is asked again',
  });
