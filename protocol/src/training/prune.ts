import type { OnnxModel } from '../onnx/model.ts';

/** The part of a model that makes some of its values; nodes, initialisers and inputs keep their order. */
export function needed(model: OnnxModel, values: readonly string[]): OnnxModel {
  const used = new Set(values);
  const nodes = model.nodes
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((name) => used.has(name))) return false;
      for (const name of inputs) used.add(name);
      return true;
    })
    .toReversed();
  const initializers = model.initializers.filter(({ name }) => used.has(name));
  const weights = new Set(initializers.map(({ name }) => name));
  return {
    ...model,
    nodes,
    initializers,
    inputs: model.inputs.filter(({ name }) => used.has(name) && !weights.has(name)),
    outputs: model.outputs.filter(({ name }) => values.includes(name)),
  };
}
