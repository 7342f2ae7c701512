import { limitsOf } from '../../commitments/program.ts';
import { EssaimError } from '../../errors.ts';
import type { LoweredGraph } from '../graph.ts';
import type { DType, InputRange } from '../types.ts';
import { representable } from './bounds.ts';

const PREFIX = 'essaim.range.';

/** The range of an input that declares none: whatever its type allows. */
export const wholeRange = (dtype: DType): InputRange => ({ ...limitsOf(dtype), step: 0 });

/** Reads metadata `essaim.range.<input>` = `low high step` (step 0: any element between). */
export function declaredRanges(metadata: ReadonlyMap<string, string>, inputs: LoweredGraph['inputs']) {
  const ranges = new Map<string, InputRange>();
  for (const [key, text] of metadata) {
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length);
    const input = inputs.find((candidate) => candidate.name === name);
    const parts = text.trim().split(/\s+/);
    const [low, high, step] = parts.map(Number);
    const bad = (why: string) =>
      new EssaimError('ONNX_BAD_RANGE', `${key} = "${text}": ${why}`, {
        help: 'Write three numbers, "low high step", that the element type can hold; step 0 means any element between.',
        details: { input: name },
      });
    if (!input) throw bad(`there is no input ${name}`);
    if (parts.length !== 3 || [low, high, step].some(Number.isNaN)) throw bad('not three numbers');
    if (low > high || step < 0 || step === Infinity) throw bad('empty, or a negative step');
    const { dtype } = input.shape;
    const limits = limitsOf(dtype);
    const inside = low >= limits.low && high <= limits.high;
    const exact = [low, high, step].every((x) => representable(dtype, x) || x === limits.low || x === limits.high);
    if (!inside || !exact) throw bad(`${dtype} cannot hold it`);
    ranges.set(name, { low, high, step });
  }
  return ranges;
}
