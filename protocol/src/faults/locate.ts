import type { Verdict } from '../judges/judge.ts';
import type { Judges } from '../program/admit.ts';
import { checkExecution, type Execution } from '../program/execution.ts';
import { DTYPES, type Ref } from '../program/types.ts';
import { type ElementPlace, tensorsOf } from './fault-proof.ts';
import { judgeElement } from './judge-element.ts';

/** An element that no honest executor could have. */
export interface Fault extends ElementPlace {
  readonly verdict: Exclude<Verdict, 'permitted'>;
  readonly claimed: bigint;
  /** What is permitted, in words. */
  readonly permitted: string;
}

export interface LocateOptions {
  readonly judges?: Judges;
  /** Gives up after this many trials; unlimited by default. */
  readonly limit?: number;
}

/**
 * Finds the first element of an execution that is convicted, in operator order, or else the first void one, or null.
 * Only elements that differ from one's own are judged, each on the execution's own operands. `own` gives one's own
 * bytes of a value in the layout of its type, or undefined to judge every element of it. Operators that make or read
 * inner values not at hand are passed over.
 */
export function locate(
  execution: Execution,
  own: (value: number) => Uint8Array | undefined,
  { judges, limit = Infinity }: LocateOptions = {},
): Fault | null {
  checkExecution(execution);
  const { program, values } = execution;
  const tensorOf = tensorsOf(execution);
  const present = ({ kind, index }: Ref): boolean => kind !== 'inner' || values[index] !== null;
  let left = limit;
  let doubtful: Fault | null = null;
  for (const [number, op] of program.operators.entries()) {
    for (const [output, type] of op.outputTypes.entries()) {
      const value = op.firstValue + output;
      const claimed = values[value];
      if (!claimed || !op.inputs.every(present)) continue;
      for (const element of differing(claimed.bytes, own(value), DTYPES[type.dtype].size)) {
        if (left-- <= 0) return doubtful;
        const { permitted, ...judged } = judgeElement(program, op, output, element, tensorOf, { judges });
        const { verdict } = judged;
        if (verdict === 'permitted') continue;
        const fault = {
          op: number,
          output,
          element,
          verdict,
          claimed: judged.claimed,
          permitted: permitted.describe(),
        };
        if (verdict === 'convicted') return fault;
        doubtful ??= fault;
      }
    }
  }
  return doubtful;
}

/** Elements whose bytes differ; all of them where there is nothing to compare with. */
function* differing(bytes: Uint8Array, own: Uint8Array | undefined, size: number): Generator<number> {
  for (let element = 0; element < bytes.length / size; element++) {
    let same = own !== undefined;
    for (let i = element * size; same && i < (element + 1) * size; i++) same = bytes[i] === own![i];
    if (!same) yield element;
  }
}
