import { commitTensor, compile, stepProgram, type Tensor } from '@essaim/protocol';
import { commitTrace, Executor, nativeHasher, openTracer, type RoundOptions, trainRound } from '@essaim/runtime';
import { expect } from 'chai';
import { loadExample } from '../../../models/training/examples.ts';

const example = loadExample('digits');
const step = stepProgram(example.onnx, example.options);
const program = compile(step.onnx);
const first = [...step.parameters, ...step.state].map(({ initial }, i) =>
  commitTensor(program.inputs[i].type, initial, nativeHasher),
);
const rootsOf = (tensors: readonly Tensor[]) => tensors.map(({ root }) => root);

describe('a round of training', () => {
  const options = (changes: Partial<RoundOptions> = {}): RoundOptions => ({
    ...{ trace: openTracer(), program, onnx: step.onnx, checkpoint: first, steps: 4 },
    feeds: async (number) => [new Uint8Array(example.schedule(number).buffer), ...example.batch(number)],
    ...changes,
  });

  it('commits to what each step takes and gives as running it alone does', async () => {
    const { steps, checkpoint } = await trainRound(options());
    const executor = await Executor.open(program, step.onnx, { trace: true });
    let tensors = first.map(({ bytes }) => bytes);
    for (const [number, record] of steps.entries()) {
      const inputs = [...tensors, new Uint8Array(example.schedule(number).buffer), ...example.batch(number)];
      const alone = commitTrace(program, inputs, await executor.run(inputs));
      expect([record.inputsRoot, record.traceRoot]).to.deep.equal([alone.inputsRoot, alone.traceRoot]);
      tensors = program.outputs.slice(0, first.length).map(({ value }) => alone.values[value]!.bytes.slice());
    }
    await executor.close();
    expect(checkpoint.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).to.deep.equal(
      tensors.map((bytes) => Buffer.from(bytes).toString('hex')),
    );
    expect(steps[3].loss).to.be.within(1, 3);
  });

  it('takes the roots that a step ends in as those that the next one begins with', async () => {
    const { steps } = await trainRound(options());
    for (const [number, { inputs }] of steps.entries()) {
      if (number === 0) continue;
      const before = program.outputs.slice(0, first.length).map(({ value }) => steps[number - 1].values[value]);
      expect(inputs.slice(0, first.length)).to.deep.equal(before);
    }
  });

  it('goes on from a checkpoint in its middle as if it had not stopped', async () => {
    const whole = await trainRound(options());
    const half = await trainRound(options({ steps: 2 }));
    const rest = await trainRound(options({ from: 2, checkpoint: half.checkpoint }));
    expect([...half.steps, ...rest.steps]).to.deep.equal(whole.steps);
    expect(rootsOf(rest.checkpoint)).to.deep.equal(rootsOf(whole.checkpoint));
  });

  it('ends at once when it is told to', async () => {
    const stop = new AbortController();
    let seen = 0;
    const onStep = () => {
      if (++seen === 2) stop.abort(new Error('enough'));
    };
    let said = '';
    await trainRound(options({ onStep, signal: stop.signal })).catch((error: Error) => {
      said = error.message;
    });
    expect([said, seen]).to.deep.equal(['enough', 2]);
  });
});
