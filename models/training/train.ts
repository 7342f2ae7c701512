import { compile, type Program, type StepProgram, stepProgram } from '@essaim/protocol';
import { Executor } from '@essaim/runtime';
import type { Example } from './examples.ts';

export interface Training {
  readonly step: StepProgram;
  readonly program: Program;
  /** The loss of every step, a list for each round. */
  readonly losses: readonly (readonly number[])[];
  /** Parameters and state after the last step. */
  readonly checkpoint: readonly Uint8Array[];
}

/** Trains an example by its step program: each step's inputs are the outputs of the one before. */
export async function train(example: Example, rounds = example.rounds): Promise<Training> {
  const step = stepProgram(example.onnx, example.options);
  const program = compile(step.onnx);
  const carried = [...step.parameters, ...step.state];
  let checkpoint = carried.map(({ initial }) => initial);
  const losses: number[][] = [];
  const executor = await Executor.open(program, step.onnx);
  try {
    for (let number = 0; number < rounds * example.stepsPerRound; number++) {
      const schedule = new Uint8Array(example.schedule(number).buffer);
      const results = await executor.run([...checkpoint, schedule, ...example.batch(number)]);
      checkpoint = carried.map(({ next }) => results[next]);
      if (number % example.stepsPerRound === 0) losses.push([]);
      losses.at(-1)!.push(new Float32Array(results[step.loss].slice().buffer)[0]);
    }
  } finally {
    await executor.close();
  }
  return { step, program, losses, checkpoint };
}
