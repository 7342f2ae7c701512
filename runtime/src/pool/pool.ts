import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { canonicalNaN, EssaimError, type Hash, type Program, type Tensor } from '@essaim/protocol';
import type { Engine } from '../engine.ts';
import type { Trace } from '../trace.ts';
import type { Confirm, Tracer } from '../tracer.ts';
import { bytesNeeded, bytesOpen } from './bytes-needed.ts';
import { Crew, type Model, type PoolEvent } from './crew.ts';
import { lateTensor } from './late-tensor.ts';
import type { Remade, Traced } from './messages.ts';

export interface PoolOptions {
  /** Tried one at a time, in this order. Default: cpu. */
  readonly engines?: readonly Engine[];
  /** Where the files lie that models name as external data. */
  readonly folder?: string;
  /** Executions at once, each on one thread. Default: one for each processor. */
  readonly workers?: number;
  /**
   * Where workers are: threads of this process (the default: results come without a copy), or processes of their own,
   * which a model can neither crash this one from nor hold on to.
   */
  readonly isolation?: 'thread' | 'process';
  /** GPUs by number: a process for each, that sees no other. */
  readonly devices?: readonly string[];
  /** Bytes that a worker may take. Default: what is there, shared by the workers. */
  readonly memory?: number;
  /** Bytes of models that stay open, in all workers together. Default: half of what the workers may take. */
  readonly cache?: number;
  /** Milliseconds that one execution may take. Default: ten minutes. */
  readonly time?: number;
  /** Told of workers that are gone. */
  readonly tell?: (event: PoolEvent) => void;
  /** Told what an execution of a model that was open took. */
  readonly note?: (programId: Hash, seconds: number) => void;
}

export interface Pool {
  /** Runs models in the pool's workers. EXECUTION_TOO_LARGE, EXECUTION_TOO_SLOW, EXECUTION_CRASHED, POOL_CLOSED, and what executors throw. */
  readonly trace: Tracer;
  /** Executions at once. */
  readonly width: number;
  /** Ends all workers; what they had in hand ends with POOL_CLOSED. Settles when none is left: threads finish what they run. */
  close(): Promise<void>;
}

/** Whoever makes a segment again is in the middle of a dispute. */
const REMAKE = Number.NEGATIVE_INFINITY;

const TEN_MINUTES = 600_000;

/** Bytes of memory that this process may use, and four fifths of them for workers. */
const forWorkers = (): number => Math.floor(0.8 * process.availableMemory());

/** A pool of workers that run models, each with sessions of its own. They are started when there is work for them. */
export function openPool({ workers, isolation, devices = [], memory, cache, time, ...rest }: PoolOptions = {}): Pool {
  const { engines, folder, tell, note } = rest;
  const count = devices.length > 0 ? devices.length : (workers ?? availableParallelism());
  const each = memory ?? Math.floor(forWorkers() / count);
  const crew = new Crew({
    ...{ count, devices, tell, note },
    isolation: devices.length > 0 ? 'process' : (isolation ?? 'thread'),
    limits: { memory: each, time: time ?? TEN_MINUTES },
    cache: Math.floor((cache ?? (each * count) / 2) / count),
    settings: { engines, folder },
  });
  const modelOf = (program: Program, onnx: Uint8Array): Model => {
    const needed = bytesOpen(onnx) + bytesNeeded(program);
    if (needed > each) throw tooLarge(program, needed, each);
    return { key: `${contentOf(onnx)}/${program.id}`, program, onnx, needed };
  };
  const trace: (...execution: Parameters<Tracer>) => Promise<Trace> = async (program, onnx, inputs, known, within) => {
    const { signal, urgency = 0 } = within ?? {};
    const task = { kind: 'trace', inputs, known: (known ?? []).map(({ root }) => root) } as const;
    const made = (await crew.run(modelOf(program, onnx), task, urgency, signal)) as Traced;
    return traceOf(program, inputs, known ?? [], made);
  };
  const remake: Tracer['remake'] = async ({ program, inputs, values }, onnx, segment) => {
    const bytesOf = (tensor: Tensor | null, i: number) => (tensor && program.boundary[i] ? tensor.bytes : null);
    const shown = { inputs: inputs.map(({ bytes }) => bytes), values: values.map(bytesOf) };
    const made = await crew.run(modelOf(program, onnx), { kind: 'remake', segment, ...shown }, REMAKE);
    const { firstValue } = program.segments[segment];
    return (made as Remade).values.map(({ bytes, root }, i) =>
      lateTensor(program.values[firstValue + i].type, root, () => bytes),
    );
  };
  const confirm: Confirm = (program, onnx, claims, { signal, urgency = 0 } = {}) => {
    const model = modelOf(program, onnx);
    const tasks = claims.map((claim) => crew.run(model, { kind: 'confirm', ...claim }, urgency, signal));
    return Promise.all(tasks) as Promise<boolean[]>;
  };
  return { trace: Object.assign(trace, { remake, confirm }), width: count, close: () => crew.close() };
}

function traceOf(program: Program, inputs: readonly Uint8Array[], known: readonly Tensor[], made: Traced): Trace {
  const { inputsRoot, traceRoot } = made;
  return {
    ...{ program, inputsRoot, traceRoot },
    inputs: program.inputs.map(
      ({ type }, i) => known[i] ?? lateTensor(type, made.inputs[i], () => canonicalNaN(type, inputs[i])),
    ),
    values: program.values.map(({ type }, i) => {
      const value = made.values[i];
      return value ? lateTensor(type, value.root, () => value.bytes) : null;
    }),
  };
}

const contents = new WeakMap<Uint8Array, Hash>();

/** sha256 of a model's bytes, kept as long as they are. */
function contentOf(onnx: Uint8Array): Hash {
  const known = contents.get(onnx);
  if (known) return known;
  const content = createHash('sha256').update(onnx).digest('hex');
  contents.set(onnx, content);
  return content;
}

const tooLarge = ({ id }: Program, needed: number, limit: number): EssaimError =>
  new EssaimError('EXECUTION_TOO_LARGE', `program ${id} needs ${needed} bytes to run, a worker has ${limit}`, {
    help: 'give workers more memory, or run fewer of them',
    details: { programId: id, needed, limit },
  });
