export { type Drift, driftOf, Linearised, type ProgramDrift } from './drift.ts';
export { isProduct, ProductEdges } from './product-edges.ts';
