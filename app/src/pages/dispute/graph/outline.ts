/** Where an operand comes from, as a program has it. */
export interface Source {
  readonly kind: 'none' | 'input' | 'weight' | 'value' | 'inner';
  readonly index: number;
}

/** What a picture needs to know of a program. */
export interface Outline {
  readonly inputs: readonly { readonly name: string; readonly shape: string }[];
  readonly weights: readonly { readonly shape: string }[];
  readonly operators: readonly {
    readonly name: string;
    readonly segment: number;
    readonly firstValue: number;
    /** Of its first output. */
    readonly shape: string;
    readonly inputs: readonly Source[];
  }[];
  readonly outputs: readonly { readonly name: string; readonly value: number }[];
}

/** The program as a compiled model has it. */
export function outlineOf(program: {
  inputs: readonly { name: string; type: { dims: readonly number[] } }[];
  weights: readonly { type: { dims: readonly number[] } }[];
  outputs: readonly { name: string; value: number }[];
  operators: readonly {
    name: string;
    segment: number;
    firstValue: number;
    inputs: readonly Source[];
    outputTypes: readonly { dims: readonly number[] }[];
  }[];
}): Outline {
  return {
    inputs: program.inputs.map(({ name, type }) => ({ name, shape: showShape(type.dims) })),
    weights: program.weights.map(({ type }) => ({ shape: showShape(type.dims) })),
    outputs: program.outputs,
    operators: program.operators.map(({ name, segment, firstValue, inputs, outputTypes }) => ({
      ...{ name, segment, firstValue, inputs },
      shape: showShape(outputTypes[0].dims),
    })),
  };
}

/** Dimensions as people write them. */
export const showShape = (dims: readonly number[]): string => (dims.length === 0 ? 'scalar' : dims.join(' × '));
