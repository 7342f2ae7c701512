export { type AggregationOptions, aggregationProgram } from './aggregation.ts';
export type { Loss } from './losses.ts';
export { type Optimiser, scheduleLength, scheduleRow, stateKinds } from './optimisers.ts';
export { type Trainable, withParameters } from './parameters.ts';
export { TRAINABLE_OPERATORS } from './rules/index.ts';
export { scoreProgram } from './score-program.ts';
export {
  type CarriedTensor,
  type StepOptions,
  type StepProgram,
  type StepTensor,
  stepProgram,
} from './step-program.ts';
