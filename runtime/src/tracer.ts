import type { Hash, Program, Tensor } from '@essaim/protocol';
import type { EngineOptions } from './engine.ts';
import { Executor } from './executor.ts';
import { regenerateSegment } from './segment.ts';
import { commitTrace, type Trace } from './trace.ts';

/** What an execution is wanted for: tracers that wait for others, or fetch results from elsewhere, do better knowing it. */
export interface Within {
  /** Milliseconds since 1970. */
  readonly until?: number;
  readonly signal?: AbortSignal;
  /** Of executions that wait the least goes first, of equals the eldest. 0 unless given. */
  readonly urgency?: number;
}

/** What somebody says that comes of inputs (row-major bytes): the roots of the boundary values, in order. */
export interface ClaimedTrace {
  readonly inputs: readonly Uint8Array[];
  readonly roots: readonly Hash[];
}

/** Runs a model on the inputs of one claim (row-major bytes) and commits to its trace; the first inputs' tensors may be known. */
export interface Tracer {
  (
    program: Program,
    onnx: Uint8Array,
    inputs: readonly Uint8Array[],
    known?: readonly Tensor[],
    within?: Within,
  ): Promise<Trace>;
  /** Makes all values of a segment again from a trace's own boundary values, on the same engine. */
  readonly remake: (trace: Trace, onnx: Uint8Array, segment: number) => Promise<Tensor[]>;
  /** Which of these claims are the model's own execution, bit by bit: where it runs elsewhere, nothing else comes back. */
  readonly confirm?: Confirm;
}

/** Runs a model on the inputs of many claims and says of each whether its boundary values are those claimed. */
export type Confirm = (
  program: Program,
  onnx: Uint8Array,
  claims: readonly ClaimedTrace[],
  within?: Within,
) => Promise<boolean[]>;

/** `confirm` of a tracer, made of its traces where it has none of its own. */
export const confirmBy = (trace: Tracer): Confirm =>
  trace.confirm ??
  ((program, onnx, claims, within) =>
    Promise.all(
      claims.map(async ({ inputs, roots }) => {
        const { values } = await trace(program, onnx, inputs, undefined, within);
        const own = values.flatMap((value, i) => (value && program.boundary[i] ? value.root : []));
        return own.length === roots.length && own.every((root, i) => root === roots[i]);
      }),
    ));

/** A tracer in this thread that keeps the last `keep` models open. Executions take turns: a session runs one input at a time. */
export function openTracer({ keep = 4, ...options }: EngineOptions & { keep?: number } = {}): Tracer {
  const open = new Map<string, Promise<Executor>>();
  const executorOf = async (program: Program, onnx: Uint8Array): Promise<Executor> => {
    const known = open.get(program.id);
    if (known) return known;
    const opening = Executor.open(program, onnx, { ...options, trace: true });
    open.set(program.id, opening);
    opening.catch(() => open.delete(program.id));
    if (open.size > keep) {
      const [oldest, executor] = open.entries().next().value!;
      open.delete(oldest);
      await (await executor).close();
    }
    return opening;
  };
  const trace: (...execution: Parameters<Tracer>) => Promise<Trace> = async (program, onnx, inputs, known) => {
    const executor = await executorOf(program, onnx);
    return commitTrace(program, inputs, await executor.run(inputs), known);
  };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return Object.assign((...execution: Parameters<Tracer>) => inTurn(() => trace(...execution)), {
    remake: (of: Trace, onnx: Uint8Array, segment: number) =>
      inTurn(() => regenerateSegment(of, onnx, segment, options)),
  });
}
