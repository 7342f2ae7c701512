import { EssaimError } from '../errors.ts';
import type { Judge, Need, Permitted } from '../judges/judge.ts';
import type { Operator } from '../program/types.ts';

/** Bytes of an operand: those that a need asks for. */
export type Reader = (need: Need) => Uint8Array;

/** Outcome of one trial: what is permitted, and the ranges that it looked at, in order. */
export interface Trial {
  readonly permitted: Permitted;
  readonly needs: readonly Need[];
  /** The element of input 0 that an order operator's proof opens. */
  readonly witness?: number;
}

function drive<T>(steps: Generator<Need, T, Uint8Array>, read: Reader, needs: Need[]): T {
  let step = steps.next();
  while (!step.done) {
    const need = step.value;
    const bytes = read(need);
    if (bytes.length !== need.length) {
      throw new EssaimError('JUDGE_EVIDENCE_MISSING', `${need.length} bytes at ${need.offset} of slot ${need.slot}`, {
        help: 'The operand is shorter than its type: commit to whole tensors.',
        details: { ...need, got: bytes.length },
      });
    }
    needs.push(need);
    step = steps.next(bytes);
  }
  return step.value;
}

/**
 * Judges one element (physical index) of one output over a reader of the claim's own operands. `claimed` is the
 * element's bytes as a little-endian integer.
 */
export function judgeElement(
  judge: Judge,
  op: Operator,
  numerics: number,
  output: number,
  element: number,
  claimed: bigint,
  read: Reader,
  witness?: number,
): Trial {
  const chosen = witness ?? (judge.witness && findWitness(judge, op, output, element, claimed, read));
  const needs: Need[] = [];
  const permitted = drive(judge.try(op, numerics, output, element, claimed, chosen), read, needs);
  return { permitted, needs, witness: chosen };
}

function findWitness(judge: Judge, op: Operator, output: number, element: number, claimed: bigint, read: Reader) {
  if (op.name !== 'ArgMax' && op.name !== 'ArgMin') return undefined;
  return drive(judge.witness!(op, output, element, claimed), read, []);
}
