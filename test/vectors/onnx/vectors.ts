import { readFileSync } from 'node:fs';
import {
  compile,
  EssaimError,
  type OnnxModel,
  type Program,
  readOnnx,
  rewriteModel,
  writeOnnx,
} from '@essaim/protocol';

/** One test of one operator version from the ONNX package. */
export interface Vector {
  /** The test's name and the operator set, e.g. `conv_with_strides_padding 22`. */
  readonly name: string;
  readonly operator: string;
  readonly opset: number;
  /** The model as the ONNX package wrote it; its one node has every operand as an input of the model. */
  readonly onnx: Uint8Array;
  /** Row-major bytes in the order of the model's inputs and outputs; none where the package has no plain tensors. */
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}

/** A vector as a program: its operands all inputs, or all but the first weights. */
export interface Form {
  readonly program: Program;
  readonly onnx: Uint8Array;
  readonly inputs: readonly Uint8Array[];
  /** Whether no judge takes its node as it is, so that it was said in other operators. */
  readonly rewritten: boolean;
}

interface Entry {
  readonly name: string;
  readonly operator?: string;
  readonly opsets?: readonly number[];
  /** Where its bytes begin in vectors.bin: model, inputs, outputs. */
  readonly at: number;
  readonly model: number;
  readonly inputs?: readonly number[];
  readonly outputs?: readonly number[];
}

const read = (file: string): Buffer => readFileSync(new URL(file, import.meta.url));

/** Tests of one node, each in the first operator set that has its operator's version. */
export const loadVectors = (): Vector[] => load('cases');

/** Graphs of any number of nodes that PyTorch exported, with its results. */
export const loadExports = (): Vector[] => load('exports').map((graph) => ({ ...graph, operator: 'exported graph' }));

function load(list: 'cases' | 'exports'): Vector[] {
  const entries = (JSON.parse(read('vectors.json').toString()) as Record<typeof list, Entry[]>)[list];
  const blob = new Uint8Array(read('vectors.bin'));
  return entries.flatMap(({ name, operator = '', opsets = [17], at, model, inputs = [], outputs = [] }) => {
    let end = at;
    const take = (length: number) => {
      end += length;
      return blob.slice(end - length, end);
    };
    const onnx = take(model);
    const tensors = { inputs: inputs.map(take), outputs: outputs.map(take) };
    return opsets.map((opset) => ({ name: `${name} ${opset}`, operator, opset, onnx, ...tensors }));
  });
}

/** Every form of a vector that compiles, or else why the last does not. */
export function formsOf(vector: Vector): Form[] | EssaimError {
  const forms: Form[] = [];
  let refusal: EssaimError | undefined;
  for (const bind of vector.inputs.length > 1 ? [allInputs, firstInput] : [allInputs]) {
    try {
      const { onnx, inputs } = bind(vector);
      forms.push({ ...compiled(onnx), inputs });
    } catch (error) {
      if (!(error instanceof EssaimError)) throw error;
      refusal = error;
    }
  }
  return forms.length > 0 ? forms : refusal!;
}

/** A model compiled as it is or, where it is refused, rewritten. Throws why it is refused. */
function compiled(onnx: Uint8Array): Omit<Form, 'inputs'> {
  try {
    return { program: compile(onnx), onnx, rewritten: false };
  } catch (refusal) {
    if (!(refusal instanceof EssaimError)) throw refusal;
    try {
      const rewritten = writeOnnx(rewriteModel(readOnnx(onnx)).model);
      return { program: compile(rewritten), onnx: rewritten, rewritten: true };
    } catch (error) {
      if (error instanceof EssaimError) throw refusal;
      throw error;
    }
  }
}

function allInputs({ onnx, opset, inputs }: Vector) {
  const model = readOnnx(onnx);
  return { onnx: model.opset === opset ? onnx : writeOnnx({ ...model, opset }), inputs };
}

function firstInput({ onnx, opset, inputs }: Vector) {
  const model = readOnnx(onnx);
  const initializers = model.inputs.slice(1).map(({ name, dtype, dims }, i) => ({
    name,
    dtype: dtype!,
    dims: dims as number[],
    bytes: inputs[i + 1],
  }));
  const bound: OnnxModel = { ...model, opset, inputs: model.inputs.slice(0, 1), initializers };
  return { onnx: writeOnnx(bound), inputs: inputs.slice(0, 1) };
}
