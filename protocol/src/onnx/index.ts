export { BLIND, BLIND_BYTES, BLINDED, blinded, isBlinded } from './blind.ts';
export * from './builder.ts';
export type { ExternalData } from './external-data.ts';
export * from './model.ts';
export * from './outputs.ts';
export * from './read.ts';
export { DEFAULT_SPLIT, type SplitOptions, splitReductions } from './split.ts';
export * from './write.ts';
