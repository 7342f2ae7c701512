import type { Program, StepProgram } from '@essaim/protocol';
import { Executor, type NamedBytes } from '@essaim/runtime';

/** One step from a program's first checkpoint; outputs by name. */
export async function runStep(
  program: Program,
  step: StepProgram,
  schedule: Float32Array,
  batch: readonly Uint8Array[],
  checkpoint: readonly Uint8Array[] = [...step.parameters, ...step.state].map(({ initial }) => initial),
): Promise<NamedBytes> {
  const executor = await Executor.open(program, step.onnx);
  try {
    return await executor.run([...checkpoint, new Uint8Array(schedule.buffer), ...batch]);
  } finally {
    await executor.close();
  }
}

export const floatsOf = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer);
