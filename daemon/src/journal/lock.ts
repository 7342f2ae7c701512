import { DatabaseSync } from 'node:sqlite';
import { EssaimError } from '@essaim/protocol';
import { diskFailure } from '@essaim/sdk/node';

/**
 * Takes a lock that the system frees when this process ends, however it ends; returns what frees it before.
 * JOURNAL_LOCKED, DISK_FULL
 */
export function lockFolder(file: string): () => void {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (cause) {
    database.close();
    const full = diskFailure(cause);
    if (full) throw full;
    throw new EssaimError('JOURNAL_LOCKED', `another process uses ${file}`, {
      help: 'one daemon runs for an account and a --data folder; a second copy needs a folder of its own',
      cause,
    });
  }
}
