import { EssaimError, type Hash, type Program, sameType, type Tensor, traceRoots } from '@essaim/protocol';
import type { Trace } from '../trace.ts';
import type { Tracer } from '../tracer.ts';

/** What is kept of a step when its trace is gone: the roots that its claim commits to, and its loss. */
export interface StepRecord {
  readonly inputsRoot: Hash;
  readonly traceRoot: Hash;
  /** Roots of the inputs, in the program's order. */
  readonly inputs: readonly Hash[];
  /** Roots of the values, zero where a value is inner. */
  readonly values: readonly Hash[];
  readonly loss: number;
}

export interface RoundOptions {
  readonly trace: Tracer;
  /** Step program: tensors ‖ schedule ‖ columns → tensors ‖ loss. */
  readonly program: Program;
  readonly onnx: Uint8Array;
  /** Tensors that the first step begins from: parameters, then state. */
  readonly checkpoint: readonly Tensor[];
  /** First step of the round that is run, and the number of steps in it. */
  readonly from?: number;
  readonly steps: number;
  /** Row-major bytes of a step's schedule and columns. */
  readonly feeds: (step: number) => Promise<readonly Uint8Array[]>;
  /** Told every step while its trace is at hand; the next one waits for it. */
  readonly onStep?: (step: number, record: StepRecord, trace: Trace) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

export interface TrainedRound {
  /** Of the steps that were run. */
  readonly steps: readonly StepRecord[];
  /** What the last one ended in. */
  readonly checkpoint: readonly Tensor[];
}

/** Tensors that a step hands to the next one. STEP_NOT_CONTINUABLE where their types are not those that it takes. */
export function nextCheckpoint({ program, values }: Trace, tensors: number): Tensor[] {
  return program.outputs.slice(0, tensors).map(({ value, name }, i) => {
    const tensor = values[value];
    if (tensor && sameType(tensor.type, program.inputs[i].type)) return tensor;
    throw new EssaimError(
      'STEP_NOT_CONTINUABLE',
      `output ${name} has not the type of input ${program.inputs[i].name}`,
      {
        help: 'make the step program with stepProgram: it gives every tensor back as it takes it',
      },
    );
  });
}

/** The loss of a step: its last output. */
export function lossOf({ program, values }: Trace): number {
  const { value } = program.outputs[program.outputs.length - 1];
  const { bytes } = values[value]!;
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
}

/**
 * Runs steps one after the other, each from what the one before it ended in, and commits to each. A checkpoint's tensors
 * are hashed once, as outputs; as inputs their roots are known. One step's trace is in memory at a time.
 */
export async function trainRound(options: RoundOptions): Promise<TrainedRound> {
  const { trace, program, onnx, from = 0, steps, feeds, onStep, signal } = options;
  const records: StepRecord[] = [];
  let { checkpoint } = options;
  for (let step = from; step < steps; step++) {
    signal?.throwIfAborted();
    const inputs = [...checkpoint.map(({ bytes }) => bytes), ...(await feeds(step))];
    const made = await trace(program, onnx, inputs, checkpoint);
    const record = recordOf(made);
    await onStep?.(step, record, made);
    records.push(record);
    checkpoint = nextCheckpoint(made, checkpoint.length);
  }
  return { steps: records, checkpoint };
}

/** What is kept of a step. */
export const recordOf = (trace: Trace): StepRecord => ({
  inputsRoot: trace.inputsRoot,
  traceRoot: trace.traceRoot,
  inputs: trace.inputs.map(({ root }) => root),
  values: traceRoots(trace),
  loss: lossOf(trace),
});
