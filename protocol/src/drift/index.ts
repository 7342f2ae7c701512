export { type Drift, driftOf, Linearised, type ProgramDrift } from './drift.ts';
