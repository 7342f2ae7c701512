import { readFileSync } from 'node:fs';
import { compile, OnnxBuilder, type Optimiser, scheduleRow, stepProgram } from '@essaim/protocol';
import { expect } from 'chai';
import { floatsOf, runStep } from '../../../test/training/run-step.ts';

/** What PyTorch made; see models/training/clipping.py. */
interface Case {
  optimiser: Optimiser['kind'];
  clip: number;
  norms: number[];
  parameters: number[][];
  batch: number[][];
  steps: number[][][];
}
const file = new URL('../../../test/training/vectors/clipping.json', import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(file, 'utf8'));
const OPTIMISERS: Record<Optimiser['kind'], Optimiser> = {
  sgd: { kind: 'sgd', momentum: 0.5, weightDecay: 0.1 },
  adamw: { kind: 'adamw', weightDecay: 0.1 },
};

function perceptron(parameters: readonly number[][]) {
  const model = new OnnxBuilder();
  model.input('x', 'float32', [4, 3]);
  const shapes: [string, number[]][] = [
    ['w1', [3, 5]],
    ['b1', [5]],
    ['w2', [5, 2]],
  ];
  for (const [i, [name, dims]] of shapes.entries())
    model.initializer(name, 'float32', dims, Float32Array.from(parameters[i]));
  const middle = model.node('Tanh', [model.node('Gemm', ['x', 'w1', 'b1'])]);
  model.node('MatMul', [middle, 'w2'], { outputs: ['y'] });
  model.output('y');
  return model.bytes();
}

describe('gradients that are clipped to a length', () => {
  for (const { optimiser: kind, clip, norms, parameters, batch, steps } of cases) {
    const far = norms.filter((norm) => norm > clip).length;
    it(`train as in PyTorch: ${kind}, ${clip}, ${far} of ${norms.length} steps shortened`, async () => {
      const optimiser = OPTIMISERS[kind];
      const step = stepProgram(perceptron(parameters), { loss: { kind: 'mean-squared-error' }, optimiser, clip });
      const program = compile(step.onnx);
      const columns = batch.map((column) => new Uint8Array(Float32Array.from(column).buffer));
      let checkpoint = [...step.parameters, ...step.state].map(({ initial }) => initial);
      for (const [t, expected] of steps.entries()) {
        const results = await runStep(program, step, scheduleRow(optimiser, 0.25, t + 1), columns, checkpoint);
        checkpoint = [...step.parameters, ...step.state].map(({ next }) => results[next]);
        for (const [i, tensor] of expected.entries())
          for (const [at, value] of floatsOf(checkpoint[i]).entries()) expect(value).to.be.closeTo(tensor[at], 1e-5);
      }
    });
  }

  it('are shortened in some of these steps, and in others not', () => {
    const shortened = cases.flatMap(({ clip, norms }) => norms.map((norm) => norm > clip));
    expect(new Set(shortened)).to.deep.equal(new Set([true, false]));
  });

  it('take a positive length only', () => {
    const make = (clip: number) => () =>
      stepProgram(perceptron(cases[0].parameters), {
        ...{ loss: { kind: 'mean-squared-error' }, optimiser: OPTIMISERS.sgd },
        clip,
      });
    for (const clip of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(make(clip)).to.throw().with.property('code', 'TRAINING_BAD_STEP');
  });
});
