/** Every failure of this package by its stable code; `docs` and callers key on these strings. */
export type StorageErrorCode =
  | 'STORAGE_UNREACHABLE'
  | 'STORAGE_TIMEOUT'
  | 'STORAGE_FORBIDDEN'
  | 'STORAGE_REFUSED'
  | 'STORAGE_NOT_FOUND'
  | 'STORAGE_TOO_LARGE'
  | 'STORAGE_BYTES_MISMATCH'
  | 'STORAGE_CID_DISAGREES'
  | 'STORAGE_CID_INVALID'
  | 'STORAGE_NOT_A_FILE'
  | 'STORAGE_MANIFEST_INVALID'
  | 'STORAGE_RANGE_INVALID'
  | 'STORAGE_UNLOADED'
  | 'STORAGE_DIR_IN_USE'
  | 'SEALED_MALFORMED'
  | 'SEALED_OTHER_KEY'
  | 'SEALED_FORGED'
  | 'SEALED_KEY_INVALID';

/** A failure with what is wrong (`message`), what to do (`help`) and the values involved (`details`). */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly help: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: StorageErrorCode,
    message: string,
    options: { help: string; cause?: unknown; details?: Record<string, unknown> },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.help = options.help;
    this.details = options.details ?? {};
  }
}
