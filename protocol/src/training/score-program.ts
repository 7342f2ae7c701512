import type { OnnxModel } from '../onnx/model.ts';
import { writeOnnx } from '../onnx/write.ts';
import { needed } from './prune.ts';
import type { StepProgram } from './step-program.ts';

/**
 * What an update is scored by in a run of private shards: the part of a step that makes its loss. Inputs: parameters,
 * state, batch, as the step takes them, whether the loss depends on them or not; output: the float32 scalar loss of the
 * parameters as they are given.
 */
export function scoreProgram({ model, parameters, state, batch, loss }: StepProgram): {
  onnx: Uint8Array;
  model: OnnxModel;
} {
  const declared = new Map(model.inputs.map((input) => [input.name, input]));
  const inputs = [...parameters, ...state, ...batch].map(({ name }) => declared.get(name)!);
  const score = { ...needed(model, [loss]), inputs };
  return { onnx: writeOnnx(score), model: score };
}
