import {
  concat,
  DTYPES,
  type DType,
  elementCount,
  OnnxBuilder,
  type Operator,
  TYPED_ARRAYS,
  toLayout,
} from '@essaim/protocol';
import { ZeroHash } from 'ethers';
import * as ort from 'onnxruntime-node';
import { opcodeOf } from '../../../protocol/src/judges/opcode.ts';
import type { Random } from './random.ts';

/** A tensor by its ONNX type and row-major bytes. */
export interface Tensor {
  dtype: DType;
  dims: number[];
  bytes: Uint8Array;
}

/** One operator with operands. `node` adds it to a model; by default it is the node of that name without attributes. */
export interface Spec {
  name: string;
  since: number;
  words?: readonly number[];
  inputs: readonly (Tensor | null)[];
  output: { dtype: DType; dims: number[] };
  node?: (builder: OnnxBuilder, names: string[]) => string;
  /** Layout of each operand; random where undefined. */
  layouts?: readonly (number | undefined)[];
}

/** An operator as compiled, with operands and results as committed: each in the physical order of its type. */
export interface Sample {
  op: Operator;
  operands: (Uint8Array | null)[];
  honest: Uint8Array;
}

/** What ONNX Runtime makes of the operator, row-major; `null` if it has no kernel for these types. */
export async function runOnnx(spec: Spec): Promise<Uint8Array | null> {
  const builder = new OnnxBuilder({ opset: Math.max(13, spec.since), ir: 8 });
  const names = spec.inputs.map((input, i) => (input ? builder.input(`x${i}`, input.dtype, input.dims) : ''));
  const result = spec.node ? spec.node(builder, names) : builder.node(spec.name, names);
  builder.output(result, spec.output.dtype, spec.output.dims);
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(builder.bytes(), {
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
    });
  } catch (error) {
    if (/NOT_IMPLEMENTED|Could not find an implementation|invalid type|Type Error/i.test(String(error))) return null;
    throw error;
  }
  const feeds: Record<string, ort.Tensor> = {};
  for (const [i, input] of spec.inputs.entries()) {
    if (!input) continue;
    const data = new TYPED_ARRAYS[input.dtype](input.bytes.slice().buffer);
    feeds[`x${i}`] = new ort.Tensor(input.dtype as 'int32', data as Int32Array, input.dims);
  }
  const { data } = (await session.run(feeds))[result];
  await session.release();
  const view = data as Int32Array;
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}

/** Compiles `spec` with random layouts, its results being `rowMajor`. */
export function sampleOf(spec: Spec, rowMajor: Uint8Array, random: Random): Sample {
  const inputTypes = spec.inputs.map(
    (t, i) => t && { dtype: t.dtype, dims: t.dims, layout: spec.layouts?.[i] ?? random.layout(t.dims.length) },
  );
  const to = { ...spec.output, layout: random.layout(spec.output.dims.length) };
  const op: Operator = {
    name: spec.name,
    since: spec.since,
    opcode: opcodeOf(spec.name, spec.since),
    judge: ZeroHash,
    attributes: concat((spec.words ?? []).map(int256)),
    firstValue: random.below(1000),
    segment: random.below(1000),
    boundary: 1,
    inputs: inputTypes.map((type) =>
      type ? { kind: 'value', index: random.below(1000) } : { kind: 'none', index: 0 },
    ),
    inputTypes,
    outputTypes: [to],
    node: `${spec.name}#0`,
  };
  return {
    op,
    operands: inputTypes.map((type, i) => type && toLayout(type, spec.inputs[i]!.bytes)),
    honest: toLayout(to, rowMajor),
  };
}

export function int256(value: number): Uint8Array {
  const hex = BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, '0');
  return Uint8Array.from(hex.match(/../g)!, (byte) => Number.parseInt(byte, 16));
}

/** A tensor of random elements. */
export function tensor(random: Random, dtype: DType, dims: number[]): Tensor {
  return {
    dtype,
    dims,
    bytes: random.elements(
      dtype,
      dims.reduce((a, b) => a * b, 1),
    ),
  };
}

export const sizeOf = (sample: Sample): number => DTYPES[sample.op.outputTypes[0].dtype].size;
export const countOf = (sample: Sample): number => elementCount(sample.op.outputTypes[0]);
