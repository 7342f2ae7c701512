/** What went wrong, in a form a program can switch on and a person can act on. */
export interface EssaimErrorOptions {
  /** What the caller can do about it. */
  help: string;
  cause?: unknown;
  /** Values that name the culprit: node, field, expected, got. */
  details?: Readonly<Record<string, unknown>>;
}

/** Every error this project throws on purpose: `code` is stable, `message` says what is wrong, `help` what to do. */
export class EssaimError extends Error {
  readonly code: string;
  readonly help: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, { help, cause, details }: EssaimErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'EssaimError';
    this.code = code;
    this.help = help;
    this.details = details ?? {};
  }
}
