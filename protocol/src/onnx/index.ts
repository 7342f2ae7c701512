export * from './builder.ts';
export * from './model.ts';
export * from './outputs.ts';
export * from './read.ts';
export type { ExternalData } from './read-tensor.ts';
export { DEFAULT_SPLIT, type SplitOptions, splitReductions } from './split.ts';
export * from './write.ts';
