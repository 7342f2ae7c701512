export { type Charge, charges } from './charge.ts';
export { type Conviction, convict } from './convict.ts';
export type { VerifierEvent } from './events.ts';
export { Purse } from './purse.ts';
export { isOwnFailure } from './served.ts';
export type { Sampling } from './training/sampling.ts';
export { demandCheckpoint } from './training/shown-checkpoint.ts';
export { Verifier, type VerifierOptions } from './verifier.ts';
