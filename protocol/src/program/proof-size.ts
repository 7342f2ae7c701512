import { CHUNK } from '../commitments/hasher.ts';
import { depthOf } from '../commitments/positional.ts';
import { chunkCount, chunksOf } from '../commitments/tensor.ts';
import type { Judge, Need } from '../judges/judge.ts';
import { byteLength, DTYPES, elementCount, type Operator, type TensorType } from './types.ts';

/** Bytes of a proof that do not depend on the element: claim, header, operator, and lists of a hundred million. */
const FIXED = 4096;
const LIST_SIBLINGS = 27 * 32;

/** Siblings that open `chunks` in a tree of `depth`. */
function siblings(chunks: readonly number[], depth: number): number {
  let open = chunks;
  let count = 0;
  for (let d = 0; d < depth; d++) {
    const above = new Set(open.map((index) => Math.floor(index / 2)));
    count += 2 * above.size - open.length;
    open = [...above];
  }
  return count;
}

function opening(type: TensorType, ranges: readonly Need[]): number {
  const chunks = [...new Set(chunksOf(ranges))];
  const tree = siblings(chunks, depthOf(chunkCount(byteLength(type))));
  return 2 + 8 * ranges.length + LIST_SIBLINGS + CHUNK * chunks.length + 32 * tree;
}

function needsOf(judge: Judge, op: Operator, element: number): Need[] {
  const needs: Need[] = [];
  const steps = judge.try(op, 1, 0, element, 0n);
  for (let step = steps.next(); !step.done; step = steps.next(new Uint8Array(step.value.length)))
    needs.push(step.value);
  return needs;
}

/** Bytes of the largest fault proof among the first, the middle and the last element of an operator's output. */
export function proofSize(judge: Judge, op: Operator): number {
  const [type] = op.outputTypes;
  const count = elementCount(type);
  if (count === 0) return FIXED;
  const places = new Set([0, Math.floor(count / 2), count - 1]);
  const { size } = DTYPES[type.dtype];
  const sizes = [...places].map((element) => {
    const slots = new Map<number, Need[]>();
    for (const need of needsOf(judge, op, element)) slots.set(need.slot, [...(slots.get(need.slot) ?? []), need]);
    const operands = [...slots].map(([slot, ranges]) =>
      opening(
        op.inputTypes[slot]!,
        ranges.sort((a, b) => a.offset - b.offset),
      ),
    );
    const claimed = opening(type, [{ slot: 0, offset: element * size, length: size }]);
    return operands.reduce((sum, bytes) => sum + bytes, FIXED + claimed);
  });
  return Math.max(...sizes);
}
