import { type PermittedRange, permittedRange } from '../judges/permitted-range.ts';
import { DTYPES } from '../program/types.ts';
import { type Judgement, type JudgeOptions, judgeElement, type TensorOf } from './judge-element.ts';
import type { ShownFault, ShownOpening } from './read-proof.ts';

/** What the judge's twin finds in the evidence that a proof opens. */
export interface ShownJudgement extends Judgement {
  /** In words. */
  readonly words: string;
  /** Null where what is permitted is not an interval of numbers. */
  readonly range: PermittedRange | null;
}

/** Tensors of which only what a proof opens is known; everything else has no bytes. */
function tensorsIn(openings: readonly ShownOpening[]): TensorOf {
  return (kind, index) => ({
    bytes: {
      subarray(from: number, to: number): Uint8Array {
        for (const { ref, ranges } of openings) {
          if (ref.kind !== kind || ref.index !== index) continue;
          const range = ranges.find(({ offset, length }) => offset <= from && offset + length >= to);
          if (range) return range.bytes.subarray(from - range.offset, to - range.offset);
        }
        return new Uint8Array(0);
      },
    } as Uint8Array,
  });
}

/**
 * Judges what a fault proof shows by the judge's twin, as the chain did. FAULT_NO_SUCH_ELEMENT where the proof does not
 * open what the judge needs, JUDGE_UNKNOWN where the program names a judge that is not known here.
 */
export function judgeShown(shown: ShownFault): ShownJudgement {
  const { operator, output, element, openings, claim } = shown;
  const judged = (options: JudgeOptions) =>
    judgeElement(claim.header, operator, output, element, tensorsIn(openings), options);
  const found = witnesses(shown)
    .map((witness) => judged({ witness }))
    .find(({ verdict }, i, { length }) => verdict === 'convicted' || i === length - 1);
  const { permitted, claimed } = found!;
  const { dtype } = operator.outputTypes[output];
  return { ...found!, words: permitted.describe(), range: permittedRange(permitted, dtype, claimed) };
}

/** The elements of operand 0 that an order operator's proof may have opened as its witness. */
function witnesses({ operator, openings }: ShownFault): (number | undefined)[] {
  if (operator.name !== 'ArgMax' && operator.name !== 'ArgMin') return [undefined];
  const { size } = DTYPES[operator.inputTypes[0]!.dtype];
  return openings.filter(({ slot }) => slot === 0).flatMap(({ ranges }) => ranges.map(({ offset }) => offset / size));
}
