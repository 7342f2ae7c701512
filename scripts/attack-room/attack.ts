import { type Drift, Linearised, type Program } from '@essaim/protocol';
import type { WholeExecution } from '@essaim/runtime';
import type { Choice, Room } from './room.ts';

/** What came of attacks on one decision: movement of the gap between the top answer and the next. */
export interface Attack {
  /** Honest gap between the top answer and the runner-up. */
  readonly margin: number;
  /** By how much each way of choosing closed the gap. */
  readonly random: number;
  readonly sharp: number;
  readonly contract: number;
  /** What drift foretells for this gap. */
  readonly foretold: Drift;
}

/** A decision: which of these elements (row-major, as the output is) of the output is the greatest. */
export interface Decision {
  readonly first: number;
  readonly count: number;
}

const outputOf = (program: Program, { values }: WholeExecution): Float32Array => {
  const { bytes } = values[program.outputs[0].value];
  return new Float32Array(bytes.slice().buffer);
};

/**
 * Pushes the gap of a decision, layer by layer, each element to the side of its interval that closes it; by the
 * gradient at the honest execution.
 */
export async function attack(
  room: Room,
  program: Program,
  inputs: readonly Uint8Array[],
  { first, count }: Decision,
  next: () => number,
): Promise<Attack> {
  const honest = await room.execute(inputs);
  const answers = [
    ...outputOf(program, honest)
      .subarray(first, first + count)
      .entries(),
  ].sort((a, b) => b[1] - a[1]);
  const [top, runner] = [first + answers[0][0], first + answers[1][0]];
  const gap = (execution: WholeExecution): number => {
    const output = outputOf(program, execution);
    return output[top] - output[runner];
  };
  const weights = new Map([
    [top, 1],
    [runner, -1],
  ]);
  const linearised = new Linearised(honest);
  const slopes = linearised.sensitivities(program.outputs[0].value, weights);
  const push =
    (tier: 'sharp' | 'contract'): Choice =>
    (value, element, edges, x) => {
      const slope = slopes[value][element];
      return slope === 0 ? x : edges()[tier][slope > 0 ? 0 : 1];
    };
  const anywhere: Choice = (value, element, edges, x) => {
    if (slopes[value][element] === 0) return x;
    const [low, high] = edges().sharp;
    return Math.fround(low + next() * (high - low));
  };
  const margin = gap(honest);
  const closed = async (choose: Choice): Promise<number> => margin - gap(await room.execute(inputs, choose));
  return {
    margin,
    random: Math.abs(await closed(anywhere)),
    sharp: await closed(push('sharp')),
    contract: await closed(push('contract')),
    foretold: linearised.drift(program.outputs[0].value, weights),
  };
}
