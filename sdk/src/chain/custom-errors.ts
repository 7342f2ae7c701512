import { type ErrorDescription, Interface } from 'ethers';
import { errorHelp, errors } from '../generated/errors.ts';

/** A contract's custom error as people read it. */
export interface CustomError {
  name: string;
  /** With its values. */
  text: string;
  help: string | undefined;
  details: Record<string, unknown>;
}

/** All custom errors of all contracts, so that a revert is named wherever in the call tree it was thrown. */
const every = new Interface(errors);

/** The custom error that revert data holds; undefined where it is none of ours. Tables of some 30 kB: import on demand. */
export function customErrorIn(data: string): CustomError | undefined {
  const error = every.parseError(data);
  if (!error) return undefined;
  const { name, args } = error;
  const details = Object.fromEntries(error.fragment.inputs.map((input, i) => [input.name || String(i), args[i]]));
  return { name, text: describe(error), help: errorHelp[name], details };
}

const text = (value: unknown): string => (Array.isArray(value) ? `[${value.map(text).join(', ')}]` : String(value));

function describe(error: ErrorDescription): string {
  const args = error.fragment.inputs.map((input, i) => `${input.name || i}: ${text(error.args[i])}`);
  return args.length === 0 ? error.name : `${error.name}(${args.join(', ')})`;
}
