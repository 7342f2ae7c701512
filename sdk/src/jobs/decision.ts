import { EssaimError } from '@essaim/protocol';
import type { Output } from './result.ts';

/** Which element of a row is the greatest, and by how much. */
export interface Decision {
  readonly index: number;
  /** What the greatest lies above the next. */
  readonly margin: number;
  /**
   * Whether an executor could have turned it without a fault: the margin is below twice the output's drift, or the
   * drift is not known.
   */
  readonly undecided: boolean;
}

/**
 * The decision in one row (along the last axis) of an output. DECISION_INVALID where there is nothing to decide.
 *
 * @example
 * ```ts
 * import { decision } from '@essaim/sdk';
 *
 * const { outputs } = await essaim.jobs.follow(jobId);
 * const { index, undecided } = decision(outputs[0].find(({ name }) => name === 'logits')!);
 * console.log(index === Number(outputs[0].find(({ name }) => name === 'digit')!.data[0])); // true
 * ```
 */
export function decision({ name, data, dims, drift }: Output, row = 0): Decision {
  const length = dims.at(-1) ?? 1;
  const numbers = Array.from(data as ArrayLike<number | bigint | boolean>, Number).slice(
    row * length,
    (row + 1) * length,
  );
  if (numbers.length < 2 || numbers.some(Number.isNaN)) {
    throw new EssaimError(
      'DECISION_INVALID',
      `row ${row} of output ${name} decides between ${numbers.length} numbers`,
      {
        help: 'a row of at least two numbers, none of them NaN, decides; rows are counted from 0',
      },
    );
  }
  const order = numbers.map((_, i) => i).sort((a, b) => numbers[b] - numbers[a] || a - b);
  const margin = numbers[order[0]] - numbers[order[1]];
  return { index: order[0], margin, undecided: drift === null || margin < 2 * drift.contract };
}
