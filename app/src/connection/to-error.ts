import { chainFailure, EssaimError } from '@essaim/sdk';

/** Anything thrown, as an error with a code and help; a contract's own error by its name. */
export async function toError(cause: unknown, doing = 'reading the network'): Promise<EssaimError> {
  return ownError(cause) ?? chainFailure(cause, doing);
}

/** Something of the page's own that broke. */
export const broken = (cause: unknown): EssaimError =>
  ownError(cause) ??
  new EssaimError('PAGE_BROKEN', `the page broke: ${cause instanceof Error ? cause.message : cause}`, {
    help: 'load the page again; if that does not help, report the words above',
    cause,
  });

/** Errors of storage have the same shape and another class. */
function ownError(cause: unknown): EssaimError | undefined {
  if (cause instanceof EssaimError) return cause;
  const { code, message, help } = (cause ?? {}) as Partial<EssaimError>;
  if (typeof code !== 'string' || typeof help !== 'string') return undefined;
  return new EssaimError(code, String(message), { help, cause });
}
