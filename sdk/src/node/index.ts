export type { Difference } from '../governance/state.ts';
export { type ConnectionOptions, connectFromFiles, connectionOptions, milliseconds } from './connection.ts';
export { daemon, main, type Say } from './daemon.ts';
export * from './datasets/index.ts';
export { describeFailure, type Failure, isPassing } from './failure.ts';
export { type FailedSimulation, type Simulation, simulate } from './governance/simulate.ts';
export { LogFeed } from './log-feed.ts';
export { watch } from './watch.ts';
export { Worklist } from './worklist.ts';
