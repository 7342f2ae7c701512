import type { Verdict } from '../judges/judge.ts';
import type { Judges } from '../program/admit.ts';
import type { CommittedClaim } from '../program/claim.ts';
import type { Program } from '../program/program.ts';
import { DTYPES } from '../program/types.ts';
import { claimReader, elementBitsAt } from './fault-proof.ts';
import { judgeElement } from './judge-element.ts';
import { judgeFor } from './judge-for.ts';

/** An element that no honest executor could have. */
export interface Fault {
  readonly op: number;
  readonly output: number;
  readonly element: number;
  readonly verdict: Exclude<Verdict, 'permitted'>;
  readonly claimed: bigint;
  /** What is permitted, in words. */
  readonly permitted: string;
}

export interface LocateOptions {
  readonly judges?: Judges;
  /** Stops after this many elements were judged; unlimited by default. */
  readonly limit?: number;
}

/**
 * Finds the first element of a claim that is not permitted, in operator order: only elements that differ from the
 * honest values are judged, each on the claim's own operands. `honest` gives one's own bytes of a value in the layout
 * of its type, or undefined to judge every element of it.
 */
export function locate(
  program: Program,
  claim: CommittedClaim,
  honest: (value: number) => Uint8Array | undefined,
  options: LocateOptions = {},
): Fault | null {
  let left = options.limit ?? Infinity;
  let doubtful: Fault | null = null;
  for (const [number, op] of program.operators.entries()) {
    const judge = judgeFor(op, options.judges);
    const read = claimReader(program, claim, op);
    for (const [output, type] of op.outputTypes.entries()) {
      const { size } = DTYPES[type.dtype];
      const bytes = claim.values[op.firstValue + output].bytes;
      const own = honest(op.firstValue + output);
      for (const element of differing(bytes, own, size)) {
        if (left-- <= 0) return doubtful;
        const claimed = elementBitsAt(bytes, element, size);
        const { permitted } = judgeElement(judge, op, program.numerics, output, element, claimed, read);
        const verdict = permitted.verdict(claimed);
        if (verdict === 'permitted') continue;
        const fault = { op: number, output, element, verdict, claimed, permitted: permitted.describe() };
        if (verdict === 'convicted') return fault;
        doubtful ??= fault;
      }
    }
  }
  return doubtful;
}

/** Elements whose bytes differ; all of them where there is nothing to compare with. */
function* differing(bytes: Uint8Array, own: Uint8Array | undefined, size: number): Generator<number> {
  const count = bytes.length / size;
  for (let element = 0; element < count; element++) {
    let same = own !== undefined;
    for (let i = element * size; same && i < (element + 1) * size; i++) same = bytes[i] === own![i];
    if (!same) yield element;
  }
}
