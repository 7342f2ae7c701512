import { compile, scoreProgram, stepProgram } from '@essaim/protocol';
import { Executor } from '@essaim/runtime';
import { expect } from 'chai';
import { loadExample } from '../../../models/training/examples.ts';
import { floatsOf } from '../../../test/training/run-step.ts';

describe('a score program', () => {
  const example = loadExample('digits');
  const step = stepProgram(example.onnx, example.options);
  const score = scoreProgram(step);
  const names = (values: readonly { name: string }[]) => values.map(({ name }) => name);

  it('takes the step’s parameters, state and batch in their order, and no schedule', () => {
    const program = compile(score.onnx);
    const expected = [...step.parameters, ...step.state, ...step.batch];
    expect(names(program.inputs)).to.deep.equal(names(expected));
    const types = compile(step.onnx).inputs.filter(({ name }) => name !== step.schedule.name);
    expect(program.inputs).to.deep.equal(types);
    expect(program.outputs.length).to.equal(1);
  });

  it('gives the loss that the step begins with, bit by bit', async () => {
    const tensors = [...step.parameters, ...step.state].map(({ initial }) => initial);
    const batch = example.batch(3);
    const run = async (onnx: Uint8Array, inputs: Uint8Array[], output: string): Promise<number> => {
      const executor = await Executor.open(compile(onnx), onnx);
      const results = await executor.run(inputs);
      await executor.close();
      return floatsOf(results[output])[0];
    };
    const rate = new Uint8Array(example.schedule(0).slice().buffer);
    const whole = await run(step.onnx, [...tensors, rate, ...batch], step.loss);
    expect(await run(score.onnx, [...tensors, ...batch], step.loss)).to.equal(whole);
    expect(whole).to.be.within(2, 3);
  });
});
