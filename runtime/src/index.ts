export {
  answerFor,
  answerTo,
  batchOf,
  claimKept,
  type Kept,
  type KeptClaim,
  segmentAsked,
} from './answer.ts';
export { Archive } from './archive.ts';
export { addEngine, ENGINES, type Engine, type EngineOptions } from './engine.ts';
export { Executor, type NamedBytes } from './executor.ts';
export { externalFolder } from './external-folder.ts';
export { useFastHashes } from './hashes/fast-hashes.ts';
export { nativeHasher } from './native-hasher.ts';
export { openSession } from './node-engine.ts';
export { bytesNeeded, bytesOpen } from './pool/bytes-needed.ts';
export type { PoolEvent } from './pool/crew.ts';
export { openPool, type Pool, type PoolOptions } from './pool/pool.ts';
export { workerEnvironment } from './pool/seat.ts';
export { type DeviceDescription, describeDevice } from './qualify/device.ts';
export { inDomain, PATTERNS, type Pattern } from './qualify/patterns.ts';
export { probe, probeInputs } from './qualify/probe.ts';
export {
  type KernelFinding,
  type NodeRunner,
  type Qualification,
  type QualifyOptions,
  qualify,
} from './qualify/qualify.ts';
export { readModel } from './read-model.ts';
export { type ReferenceDriftOptions, referenceDrift } from './reference-drift.ts';
export { type RegenerateOptions, regenerate, regenerateSegment } from './segment.ts';
export { type SingleNode, singleNodes } from './single-nodes.ts';
export {
  boundaryBytes,
  boundaryParts,
  commitInputs,
  commitTrace,
  committedBytes,
  commitValues,
  commitWhole,
  type Trace,
  type WholeExecution,
  wholeExecution,
} from './trace.ts';
export { type ClaimedTrace, type Confirm, confirmBy, openTracer, type Tracer, type Within } from './tracer.ts';
export {
  lossOf,
  nextCheckpoint,
  type RoundOptions,
  recordOf,
  type StepRecord,
  type TrainedRound,
  trainRound,
} from './training/train-round.ts';
export { written } from './written.ts';
