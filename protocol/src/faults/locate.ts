import type { Tensor } from '../commitments/tensor.ts';
import type { Verdict } from '../judges/judge.ts';
import type { Judges } from '../program/admit.ts';
import { checkExecution, type Execution } from '../program/execution.ts';
import { DTYPES, type Ref } from '../program/types.ts';
import { type ElementPlace, tensorsOf } from './fault-proof.ts';
import { judgeElement } from './judge-element.ts';
import { differing, suspects } from './suspects.ts';

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
  /** Elements of each value that are judged before any value is gone through whole; 256 by default. */
  readonly sample?: number;
  /** Whether every differing element is judged where the sample shows nothing; true by default. */
  readonly thorough?: boolean;
}

/**
 * Finds an element of an execution that is convicted, or else a void one, or null. Only elements that differ from one's
 * own are judged, each on the execution's own operands: first a sample of each value, in operator order, because float
 * traces of two devices differ everywhere and a cheaper model in many elements of some value; then all others. `own`
 * gives one's own bytes of a value in the layout of its type, or undefined to judge every element of it. Operators that make or read
 * inner values not at hand are passed over.
 */
export function locate(
  execution: Execution,
  own: (value: number) => Uint8Array | undefined,
  { judges, limit = Infinity, sample = 256, thorough = true }: LocateOptions = {},
): Fault | null {
  checkExecution(execution);
  const { program, values } = execution;
  const tensorOf = tensorsOf(execution);
  const scans: ((value: number, claimed: Tensor) => Iterable<number>)[] = [
    (value, { type, bytes }) => suspects(bytes, own(value), type.dtype, sample),
  ];
  if (thorough) {
    scans.push((value, { type, bytes }) => {
      const all = [...differing(bytes, own(value), DTYPES[type.dtype].size)];
      return all.length <= sample ? [] : all;
    });
  }
  const present = ({ kind, index }: Ref): boolean => kind !== 'inner' || values[index] !== null;
  let left = limit;
  let doubtful: Fault | null = null;
  for (const scan of scans) {
    for (const [number, op] of program.operators.entries()) {
      for (const output of op.outputTypes.keys()) {
        const value = values[op.firstValue + output];
        if (!value || !op.inputs.every(present)) continue;
        for (const element of scan(op.firstValue + output, value)) {
          if (left-- <= 0) return doubtful;
          const { verdict, claimed, permitted } = judgeElement(program, op, output, element, tensorOf, { judges });
          if (verdict === 'permitted') continue;
          const fault = { op: number, output, element, verdict, claimed, permitted: permitted.describe() };
          if (verdict === 'convicted') return fault;
          doubtful ??= fault;
        }
      }
    }
  }
  return doubtful;
}
