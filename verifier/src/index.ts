export { type Charge, charges } from './charge.ts';
export { type Conviction, convict } from './convict.ts';
export type { VerifierEvent } from './events.ts';
export { Verifier } from './verifier.ts';
