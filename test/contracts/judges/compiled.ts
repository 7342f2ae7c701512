import { compile, decodeWords, fromLayout, type Operator, readOnnx, tensorsOf } from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import { judgeOf } from '../../../protocol/src/judges/registry.ts';
import type { Case } from '../../conformance/node-case.ts';
import { type Random, writeElement } from './random.ts';
import { type Sample, sampleOf } from './sample.ts';

const trace = openTracer();
const ODD = [0x00000000n, 0x80000000n, 0x3f800000n, 0xbf800000n, 0x00000001n, 0x80000007n, 0x7f7fffffn, 0xff800000n];

/** The inputs of a case with its floats drawn from a few values that are equal, infinite, subnormal or NaN. */
export function oddFloats(model: Case, random: Random): Uint8Array[] {
  const { inputs } = readOnnx(model.onnx);
  const few = ODD.slice(0, random.between(2, ODD.length));
  if (random.chance(20)) few.push(0x7fc00000n);
  return model.inputs.map((bytes, i) => {
    if (inputs[i].dtype !== 'float32') return bytes;
    const out = bytes.slice();
    for (let k = 0; k < out.length / 4; k++) writeElement(out, k, 4, random.pick(few));
    return out;
  });
}

/**
 * The operators of a model with the operands and results of a run in ONNX Runtime: as compiled, and in random layouts
 * where the judge takes `anyLayout`.
 */
export async function samplesOf(
  onnx: Uint8Array,
  inputs: readonly Uint8Array[],
  anyLayout: readonly string[],
  random: Random,
): Promise<Sample[]> {
  const program = compile(onnx);
  const execution = await trace(program, onnx, inputs);
  const tensorOf = tensorsOf(execution);
  return program.operators.map((op) => {
    const bytes = op.inputs.map(({ kind, index }) => (kind === 'none' ? null : tensorOf(kind, index).bytes));
    const honest = execution.values[op.firstValue]!.bytes;
    if (!anyLayout.includes(judgeOf(op.name, op.since, op.inputTypes, op.outputTypes).contract)) {
      return { op, operands: bytes, honest };
    }
    return relaid(op, bytes, honest, random);
  });
}

function relaid(op: Operator, bytes: readonly (Uint8Array | null)[], honest: Uint8Array, random: Random): Sample {
  const [{ dtype, dims, ...output }] = op.outputTypes;
  return sampleOf(
    {
      name: op.name,
      since: op.since,
      words: decodeWords(op.attributes).map(Number),
      inputs: op.inputTypes.map(
        (type, i) => type && { dtype: type.dtype, dims: [...type.dims], bytes: fromLayout(type, bytes[i]!) },
      ),
      output: { dtype, dims: [...dims] },
    },
    fromLayout({ dtype, dims, ...output }, honest),
    random,
  );
}
