export { Executor, type NamedBytes } from '../executor.ts';
export { boundaryBytes, boundaryParts, commitInputs, commitTrace, commitValues, type Trace } from '../trace.ts';
export { openTracer, type Tracer } from '../tracer.ts';
export type { OpenedModel, Traced } from './messages.ts';
export { TraceWorker } from './trace-worker.ts';
