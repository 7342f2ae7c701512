import { EssaimError } from '../errors.ts';

type Details = Readonly<Record<string, unknown>>;

/** Why a model, or the options given with it, make no step. */
export function trainingError(code: string, message: string, help: string, details?: Details): EssaimError {
  return new EssaimError(code, message, { help, details });
}
