export { type HandOver, readHandOver } from './hand-over.ts';
export { jobContents, jobKeyOf, openJobKey } from './job-key.ts';
export { type SealedPlace, sealingInfo } from './place.ts';
export type { SealedInputsManifest } from './seal-inputs.ts';
