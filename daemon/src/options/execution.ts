import { many, maybe, one, type ValuesOf } from './option.ts';
import { choice, whole } from './values.ts';

const EXECUTION = 'Execution';

/** How models are run. */
export const executionTable = {
  workers: maybe(whole(1), {
    ...{ value: '<count>', group: EXECUTION, example: '2' },
    text: 'executions at once; one for each processor unless given',
  }),
  isolation: maybe(choice(['thread', 'process']), {
    ...{ value: '<how>', group: EXECUTION, example: 'process' },
    text: 'thread: faster; process: what a model does to its worker cannot hurt anything else; process unless given, or where only models named are served, thread',
  }),
  workerMemory: maybe(whole(1), {
    ...{ value: '<MiB>', group: EXECUTION, example: '2048' },
    text: 'memory that a worker may take; what is free, shared by the workers, unless given',
  }),
  modelCache: maybe(whole(), {
    ...{ value: '<MiB>', group: EXECUTION, example: '1024' },
    text: 'models kept open by all workers together; half of their memory unless given',
  }),
  executionTime: one(whole(1), '600', {
    ...{ value: '<seconds>', group: EXECUTION },
    text: 'after which an execution is given up',
  }),
  device: many(whole(), {
    ...{ value: '<number>', group: EXECUTION, example: '0' },
    text: 'a GPU by its number: a process for each, in the place of --workers',
  }),
};

const MIB = 2 ** 20;
const bytes = (mebibytes: number | undefined): number | undefined =>
  mebibytes === undefined ? undefined : mebibytes * MIB;

/** What a pool of workers is opened with, as the options say; `isolation` where they do not. */
export const executionOf = (options: ValuesOf<typeof executionTable>, isolation: 'thread' | 'process') => ({
  workers: options.workers,
  isolation: options.isolation ?? isolation,
  memory: bytes(options.workerMemory),
  cache: bytes(options.modelCache),
  time: 1_000 * options.executionTime,
  devices: options.device.map(String),
});
