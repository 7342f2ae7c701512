export { admit, defaultJudges, type Judges, WORST_BYTES, WORST_GAS, WORST_PROOF } from './admit.ts';
export * from './compile.ts';
export {
  decodeWords,
  encodeWords,
  type ProgramValue,
  type ValueSource,
} from './emit.ts';
export * from './execution.ts';
export { mergeAdditions } from './merge-additions.ts';
export { numericsReport, type Outcome, type ProductNumerics } from './numerics.ts';
export { GREATEST_OPSET, LEAST_OPSET, OPERATOR_NAMES, OPERATOR_VERSIONS } from './operators/index.ts';
export { int8Rows, PRECISIONS, type Precision } from './precisions.ts';
export * from './program.ts';
export { proofSize } from './proof-size.ts';
export type { Bounds } from './ranges/bounds.ts';
export { REWRITTEN_NAMES, type Rewrite, type Rewritten, rewriteModel } from './rewrites/rewrite.ts';
export * from './segments.ts';
export { type ElementArray, TYPED_ARRAYS } from './typed-arrays.ts';
export * from './types.ts';
export type { Weight } from './weights.ts';
