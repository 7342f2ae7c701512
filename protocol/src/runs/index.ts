export * from './batch.ts';
export * from './fit.ts';
export * from './order.ts';
export * from './score.ts';
export * from './step-faults.ts';
export * from './submission.ts';
export * from './terms.ts';
export { ratio, shareBytes, weightOf } from './weight.ts';
