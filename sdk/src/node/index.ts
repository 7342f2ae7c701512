export { main } from './command-line.ts';
export { type ConnectionOptions, connectFromFiles, connectionOptions, milliseconds } from './connection.ts';
export * from './datasets/index.ts';
export { describeFailure, type Failure, isPassing } from './failure.ts';
export { type FailedSimulation, type Simulation, simulate } from './governance/simulate.ts';
export type { Difference } from './governance/state.ts';
export { LogFeed } from './log-feed.ts';
export { type Beat, observeCycles, watch } from './watch.ts';
export { Worklist } from './worklist.ts';
