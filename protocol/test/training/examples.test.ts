import { commitTensor, elementCount, judgeElement, type Program, tensorsOf } from '@essaim/protocol';
import { Executor, wholeExecution } from '@essaim/runtime';
import { expect } from 'chai';
import { loadExample } from '../../../models/training/examples.ts';
import { type Training, train } from '../../../models/training/train.ts';
import { assertFigure } from '../../../scripts/figures.ts';
import { loadLosses } from '../../../test/training/load.ts';

/** Elements judged of one value. */
const JUDGED = 16;

const mean = (losses: readonly number[]): number => losses.reduce((a, b) => a + b, 0) / losses.length;

describe('the committed examples of training', () => {
  const trainings = new Map<string, Training>();
  const theirs = loadLosses();
  for (const name of ['digits', 'language'] as const) {
    const example = loadExample(name);

    it(`${name}: every round has the loss of PyTorch, and the loss falls`, async () => {
      const training = await train(example);
      trainings.set(name, training);
      expect(training.losses.map(({ length }) => length)).to.deep.equal(theirs[name].map(({ length }) => length));
      for (const [round, losses] of training.losses.entries()) {
        expect(mean(losses) / mean(theirs[name][round]), `round ${round}`).to.be.closeTo(1, 0.01);
      }
      expect(mean(training.losses.at(-1)!)).to.be.below(0.7 * mean(training.losses[0]));
    }).timeout(120_000);

    it(`${name}: one changed number in any gradient or update is convicted`, async () => {
      const { program, step, checkpoint } = trainings.get(name)!;
      const inputs = [...checkpoint, new Uint8Array(example.schedule(0).buffer), ...example.batch(0)];
      const executor = await Executor.open(program, step.onnx, { trace: 'whole' });
      const { values, ...execution } = wholeExecution(program, inputs, await executor.run(inputs));
      await executor.close();
      const escaped = program.operators.flatMap((op) => {
        const { type, bytes } = values[op.firstValue];
        if (!/^(d\(|optimiser)/.test(op.node) || type.dtype !== 'float32') return [];
        const changed = new Float32Array(bytes.slice().buffer);
        const element = changed.reduce((most, x, i) => (Math.abs(x) > Math.abs(changed[most]) ? i : most), 0);
        changed[element] += 0.02 * Math.abs(changed[element]) + 0.001;
        const wrong = values.with(op.firstValue, commitTensor(type, new Uint8Array(changed.buffer)));
        const { verdict } = judgeElement(program, op, 0, element, tensorsOf({ ...execution, values: wrong }));
        return verdict === 'convicted' ? [] : [`${op.node} ${op.name} ${verdict}`];
      });
      expect(escaped).to.deep.equal([]);
    }).timeout(120_000);

    it(`${name}: every honest element of a step in the middle of training is permitted`, async () => {
      const { program, step, checkpoint } = trainings.get(name)!;
      const number = example.rounds * example.stepsPerRound;
      const inputs = [...checkpoint, new Uint8Array(example.schedule(number).buffer), ...example.batch(number)];
      const executor = await Executor.open(program, step.onnx, { trace: 'whole' });
      const execution = wholeExecution(program, inputs, await executor.run(inputs));
      await executor.close();
      const refused = judged(program, tensorsOf(execution));
      expect(refused.slice(0, 5), `${refused.length} refused`).to.deep.equal([]);
    }).timeout(120_000);
  }

  it('record how far their losses are from those of PyTorch', () => {
    const ratios = [...trainings].flatMap(([name, { losses }]) =>
      losses.map((round, i) => mean(round) / mean(theirs[name as 'digits'][i])),
    );
    assertFigure('ratio.training.loss-vs-pytorch', {
      value: 1 + Math.max(...ratios.map((ratio) => Math.abs(ratio - 1))),
      unit: 'ratio',
      aim: { atMost: 1.01 },
      command: 'npm run training',
    });
  });
});

/** What judges say about elements of every operator that they do not permit. */
function judged(program: Program, tensorOf: ReturnType<typeof tensorsOf>): string[] {
  return program.operators.flatMap((op) =>
    op.outputTypes.flatMap((type, output) => {
      const count = elementCount(type);
      const few = Math.min(count, JUDGED);
      return Array.from({ length: few }, (_, n) => Math.floor((n * count) / few)).flatMap((element) => {
        const { verdict, permitted } = judgeElement(program, op, output, element, tensorOf);
        return verdict === 'permitted' ? [] : [`${op.node} ${op.name} ${element} ${verdict}: ${permitted.describe()}`];
      });
    }),
  );
}
