export { type Charge, type Conviction, convict } from './convict.ts';
export { fetchTrace } from './evidence.ts';
export { type Submitted, Verifier, type VerifierEvent } from './verifier.ts';
