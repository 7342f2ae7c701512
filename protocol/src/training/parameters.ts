import type { OnnxModel, OnnxTensor } from '../onnx/model.ts';
import { trainingError } from './errors.ts';

/**
 * Which initialisers are trained: a list of names, or a choice. By default every finite float32 tensor of one or more
 * dimensions, but the statistics of BatchNormalization: name them where a model keeps other float tables, such as fixed
 * position encodings, among its initialisers.
 */
export type Trainable = readonly string[] | ((tensor: OnnxTensor) => boolean);

/** The trained initialisers by name, in the model's order. */
export function trainableOf(model: OnnxModel, choice?: Trainable): Map<string, OnnxTensor> {
  const chosen =
    typeof choice === 'function'
      ? choice
      : choice
        ? named(model, choice)
        : (tensor: OnnxTensor) => usual(model, tensor);
  const trained = model.initializers.filter(chosen);
  const other = trained.find(({ dtype }) => dtype !== 'float32');
  if (other)
    throw trainingError(
      'TRAINING_BAD_STEP',
      `${other.name} is ${other.dtype}`,
      'Only float32 initialisers are trained.',
    );
  if (trained.length === 0)
    throw trainingError(
      'TRAINING_BAD_STEP',
      'no initialiser is trained',
      'Export the model with its parameters inside.',
    );
  return new Map(trained.map((tensor) => [tensor.name, tensor]));
}

function named(model: OnnxModel, names: readonly string[]): (tensor: OnnxTensor) => boolean {
  const known = new Set(model.initializers.map(({ name }) => name));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw trainingError(
      'TRAINING_BAD_STEP',
      `no initialiser that the loss depends on is called ${unknown}`,
      'Name initialisers of the model.',
      {
        known: [...known],
      },
    );
  }
  return ({ name }) => names.includes(name);
}

function usual(model: OnnxModel, { name, dtype, dims, bytes }: OnnxTensor): boolean {
  if (dtype !== 'float32' || dims.length === 0) return false;
  if (model.nodes.some(({ type, inputs }) => type === 'BatchNormalization' && inputs.indexOf(name) >= 3)) return false;
  return new Float32Array(bytes.slice().buffer).every(Number.isFinite);
}

/** The forward model with other parameters: what a run publishes. `values` in the order of the step's parameters. */
export function withParameters(
  model: OnnxModel,
  parameters: readonly { readonly name: string }[],
  values: readonly Uint8Array[],
): OnnxModel {
  const found = new Map(parameters.map(({ name }, i) => [name, values[i]]));
  const initializers = model.initializers.map((tensor) => {
    const bytes = found.get(tensor.name) ?? tensor.bytes;
    if (bytes.length !== tensor.bytes.length) {
      throw trainingError(
        'TRAINING_BAD_STEP',
        `${tensor.name} has ${bytes.length} bytes, not ${tensor.bytes.length}`,
        'Give the parameters in order.',
      );
    }
    return { ...tensor, bytes };
  });
  return { ...model, initializers };
}
