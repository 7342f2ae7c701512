import { DTYPES, driftOf, elementCount, type Program, type ProgramDrift, type ProgramInput } from '@essaim/protocol';
import type { EngineOptions } from './engine.ts';
import { Executor } from './executor.ts';
import { PATTERNS } from './qualify/patterns.ts';
import { seeded } from './seeded.ts';
import { wholeExecution } from './trace.ts';

type Next = () => number;

/** Row-major bytes of an input within its declared range: normal numbers, where it is unbounded. */
function sample({ type, range }: ProgramInput, next: Next): Uint8Array {
  const count = elementCount(type);
  if (type.dtype === 'float32') {
    const normal = PATTERNS[0].row(count, next);
    const bounded = Number.isFinite(range.low) && Number.isFinite(range.high);
    const spread = (): number => range.low + next() * (range.high - range.low);
    const numbers = bounded ? normal.map(spread) : normal;
    const stepped = range.step > 0 ? numbers.map((x) => Math.round(x / range.step) * range.step) : numbers;
    return new Uint8Array(stepped.map((x) => Math.min(Math.max(x, range.low), range.high)).buffer);
  }
  const { size } = DTYPES[type.dtype];
  const out = new DataView(new ArrayBuffer(count * size));
  const low = BigInt(Math.max(range.low, -(2 ** 31)));
  const high = BigInt(Math.min(range.high, 2 ** 31));
  for (let i = 0; i < count; i++) {
    let bits = BigInt.asUintN(8 * size, low + BigInt(Math.floor(next() * (Number(high - low) + 1))));
    for (let byte = 0; byte < size; byte++, bits >>= 8n) out.setUint8(i * size + byte, Number(bits & 0xffn));
  }
  return new Uint8Array(out.buffer);
}

export interface ReferenceDriftOptions extends EngineOptions {
  /** Reference inputs, each row-major bytes in the program's order; else `samples` random ones in declared ranges. */
  readonly inputs?: readonly (readonly Uint8Array[])[];
  readonly samples?: number;
  readonly seed?: number;
}

/**
 * The drift of a program on reference inputs: what a manifest says of it. `onnx` is the model that `program` was
 * compiled from. Throws `DRIFT_UNKNOWN` for an operator without a known slope.
 */
export async function referenceDrift(
  program: Program,
  onnx: Uint8Array,
  { inputs, samples = 3, seed = 1, ...engine }: ReferenceDriftOptions = {},
): Promise<ProgramDrift> {
  const next = seeded(seed);
  const references =
    inputs ?? Array.from({ length: samples }, () => program.inputs.map((input) => sample(input, next)));
  const executor = await Executor.open(program, onnx, { ...engine, trace: 'whole' });
  const traces = [];
  for (const reference of references) traces.push(wholeExecution(program, reference, await executor.run(reference)));
  await executor.close();
  return driftOf(traces);
}
