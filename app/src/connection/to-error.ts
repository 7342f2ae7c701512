import { chainError, EssaimError } from '@essaim/sdk';

/** Anything thrown, as an error with a code and help. */
export function toError(cause: unknown, doing = 'reading the network'): EssaimError {
  if (cause instanceof EssaimError) return cause;
  // storage's errors have the same shape and another class
  const { code, message, help } = (cause ?? {}) as Partial<EssaimError>;
  if (typeof code === 'string' && typeof help === 'string') return new EssaimError(code, `${message}`, { help, cause });
  return chainError(cause, doing);
}
