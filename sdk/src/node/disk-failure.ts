import { EssaimError } from '@essaim/protocol';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** SQLite's words for a full disk, and for one that does not take what is written. */
const SQLITE_FULL = 13;
const SQLITE_IO = 10;

/** DISK_FULL where something could not be written for want of room; undefined for any other failure. */
export function diskFailure(error: unknown): EssaimError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, errcode, path } = error as { code?: unknown; errcode?: number; path?: string };
  const isSqlite = code === 'ERR_SQLITE_ERROR' && [SQLITE_FULL, SQLITE_IO].includes((errcode ?? 0) & 0xff);
  if (!isSqlite && !FULL.has(String(code))) return undefined;
  return new EssaimError(
    'DISK_FULL',
    `${path ?? 'the journal'} cannot be written: the disk is full, or takes no more`,
    {
      help: 'make room; nothing is sent that cannot be kept, and it goes on by itself then',
      cause: error,
    },
  );
}
