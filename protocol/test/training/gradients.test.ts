import { compile, stepProgram } from '@essaim/protocol';
import { expect } from 'chai';
import { loadGradients } from '../../../test/training/load.ts';
import { floatsOf, runStep } from '../../../test/training/run-step.ts';

/** Largest difference of any element, in parts of the greatest magnitude of the tensor. */
const TOLERANCE = 1e-5;

/** A first step's momentum is its gradient. */
const momentum = { kind: 'sgd', momentum: 0.5 } as const;

describe("gradients of a step are PyTorch's", () => {
  for (const { name, onnx, inputs, target, loss, value, gradients } of loadGradients()) {
    it(name, async () => {
      const step = stepProgram(onnx, { loss, optimiser: momentum });
      expect(step.parameters.map((p) => p.name)).to.have.members([...gradients.keys()]);
      const program = compile(step.onnx);
      const results = await runStep(program, step, Float32Array.of(1), [...inputs, target]);
      const [ours] = floatsOf(results[step.loss]);
      expect(ours).to.be.closeTo(value, TOLERANCE * Math.abs(value), 'loss');
      for (const [i, { name: parameter }] of step.parameters.entries()) {
        const [made, theirs] = [results[step.state[i].next], gradients.get(parameter)!].map(floatsOf);
        expect(made.length).to.equal(theirs.length);
        const greatest = theirs.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
        for (const [at, x] of made.entries()) {
          expect(x, `${parameter}[${at}]`).to.be.closeTo(theirs[at], TOLERANCE * greatest);
        }
      }
    });
  }
});
