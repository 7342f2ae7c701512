export { type Charge, charges } from './charge.ts';
export { type Conviction, convict } from './convict.ts';
export type { VerifierEvent } from './events.ts';
export { Purse } from './purse.ts';
export type { Sampling } from './training/sampling.ts';
export { Verifier, type VerifierOptions } from './verifier.ts';
