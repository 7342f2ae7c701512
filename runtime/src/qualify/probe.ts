import { type DType, elementCount, type Program } from '@essaim/protocol';
import { seeded } from '../seeded.ts';
import type { Tracer } from '../tracer.ts';

/** Executions, the first of which opens the model. */
const TIMES = 4;
/** Seconds after which no further one is begun. */
const ENOUGH = 20;

/** Arrays that hold numbers as ONNX has them, of those that hold no big ones. */
const ARRAYS = {
  ...{ float32: Float32Array, int32: Int32Array, uint32: Uint32Array, int16: Int16Array, uint16: Uint16Array },
  ...{ int8: Int8Array, uint8: Uint8Array, bool: Uint8Array },
};

/** Row-major bytes for each input of a program: random numbers of its declared range, or small ones where it has none. */
export function probeInputs(program: Program, seed = 1): Uint8Array[] {
  const next = seeded(seed);
  return program.inputs.map(({ type, range }) => {
    const numbers = Array.from({ length: elementCount(type) }, () => draw(type.dtype, range, next));
    if (type.dtype === 'int64' || type.dtype === 'uint64') {
      return new Uint8Array(BigInt64Array.from(numbers, (number) => BigInt(Math.round(number))).buffer);
    }
    return new Uint8Array(ARRAYS[type.dtype].from(numbers).buffer);
  });
}

/** From this many on a range of whole numbers is none that somebody declared. */
const ANY = 2 ** 31;

/** Whole numbers without a range are zero: they may be places in a table. */
function draw(dtype: DType, { low, high, step }: Program['inputs'][number]['range'], next: () => number): number {
  if (!(high - low < ANY)) return dtype === 'float32' ? 2 * next() - 1 : 0;
  const drawn = low + next() * (high - low);
  const grid = step > 0 ? step : dtype === 'float32' ? 0 : 1;
  return Math.min(high, Math.max(low, grid > 0 ? grid * Math.round(drawn / grid) : drawn));
}

/**
 * Runs a program a few times on numbers of its declared ranges: the seconds of the slowest execution but the first, which
 * opens the model. What the execution throws, it throws.
 */
export async function probe(trace: Tracer, program: Program, onnx: Uint8Array): Promise<number> {
  const inputs = probeInputs(program);
  const took: number[] = [];
  const began = performance.now();
  for (let i = 0; i < TIMES; i++) {
    const started = performance.now();
    await trace(program, onnx, inputs);
    took.push((performance.now() - started) / 1_000);
    if (performance.now() - began > 1_000 * ENOUGH) break;
  }
  return Math.max(...(took.length > 1 ? took.slice(1) : took));
}
