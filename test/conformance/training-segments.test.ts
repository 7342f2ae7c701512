import {
  byteLength,
  compile,
  elementCount,
  elementValue,
  judgeElement,
  LARGE_BYTES,
  type Program,
  scheduleRow,
  stepProgram,
  type Tensor,
  tensorsOf,
} from '@essaim/protocol';
import { openTracer, regenerate } from '@essaim/runtime';
import { expect } from 'chai';
import { loadExample } from '../../models/training/examples.ts';
import { languageModel } from '../../scripts/bench/language.ts';
import { random, randomBytes } from '../random.ts';
import { otherDevice } from './other-device.ts';

const SGD = { kind: 'sgd', momentum: 0.9 } as const;

/** The committed examples, and a step that is large enough for segments of a thousand values. */
function steps() {
  const [batch, tokens, characters] = [16, 128, 128];
  const text = (seed: number) => randomBytes(random(seed), batch * tokens).map((byte) => byte % characters);
  const model = languageModel({ batch, tokens, characters, width: 128, heads: 4, layers: 3 });
  return [
    ...(['language', 'digits'] as const).map((name) => {
      const example = loadExample(name);
      return {
        name: `the ${name} example`,
        step: stepProgram(example.onnx, example.options),
        rest: [new Uint8Array(example.schedule(0).buffer), ...example.batch(0)],
        large: false,
      };
    }),
    {
      name: 'a large transformer',
      step: stepProgram(model, { loss: { kind: 'cross-entropy', targetType: 'uint8' }, optimiser: SGD }),
      rest: [new Uint8Array(scheduleRow(SGD, 0.01, 1).buffer), text(1), text(2)],
      large: true,
    },
  ];
}

const floatsOf = ({ bytes }: Tensor) => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);

/** Elements in which two tensors differ most, and some others. */
function elementsOf(a: Tensor, b: Tensor, next: () => number): number[] {
  const [mine, theirs] = [floatsOf(a), floatsOf(b)];
  const apart = mine.map((x, i) => Math.abs(x - theirs[i]));
  const bound = apart.toSorted().at(-Math.min(12, apart.length))!;
  const most = [...apart.keys()].filter((i) => apart[i] >= bound).slice(0, 12);
  return [...most, ...Array.from({ length: 12 }, () => Math.floor(next() * mine.length))];
}

/** Of the elements judged of boundary values, those that are not permitted, and the greatest part of an interval used up. */
function judged(
  program: Program,
  tensorOf: ReturnType<typeof tensorsOf>,
  own: readonly (Tensor | null)[],
  next: () => number,
) {
  const refused: string[] = [];
  let used = 0;
  for (const op of program.operators) {
    const [value, [type]] = [op.firstValue, op.outputTypes];
    const made = own[value];
    if (!program.boundary[value] || !made || type.dtype !== 'float32' || elementCount(type) === 0) continue;
    for (const element of elementsOf(tensorOf('value', value), made, next)) {
      const { claimed, permitted, verdict } = judgeElement(program, op, 0, element, tensorOf);
      if (verdict !== 'permitted') refused.push(`${op.node} ${element} ${verdict}: ${permitted.describe()}`);
      const [, low, high] = /between (\S+) and (\S+)/.exec(permitted.describe())?.map(Number) ?? [0, 0, 0];
      if (high > low) used = Math.max(used, Math.abs(2 * elementValue('float32', claimed) - low - high) / (high - low));
    }
  }
  return { refused, used };
}

describe('segments of a training step', () => {
  for (const { name, step, rest, large } of steps()) {
    const program = compile(step.onnx);
    const bytes = (only: (value: number) => boolean) =>
      program.values.reduce((sum, { type }, i) => sum + (only(i) ? byteLength(type) : 0), 0);

    it(`of ${name} have no element at fault on a device that adds every sum in another order`, async () => {
      expect(bytes(() => true) >= LARGE_BYTES).to.equal(large);
      const inputs = [...[...step.parameters, ...step.state].map(({ initial }) => initial), ...rest];
      const committed = await openTracer()(program, step.onnx, inputs);
      const { trace, own } = await regenerate(committed, otherDevice(step.onnx, program));
      const differing = program.operators.filter(({ firstValue: value }) => {
        const [theirs, mine] = [committed.values[value], own[value]];
        return theirs && mine && theirs.root !== mine.root;
      });
      expect(differing.length, 'boundary values that come out differently').to.be.above(5);
      const { refused, used } = judged(program, tensorsOf(trace), own, random(5));
      expect(refused).to.deep.equal([]);
      expect(used).to.be.below(1 / 2);
    }).timeout(120_000);
  }

  it('commit to what a large step hands on, and to little else', () => {
    const { step } = steps().find(({ large }) => large)!;
    const program = compile(step.onnx);
    const total = (of: (value: number) => boolean) =>
      program.values.reduce((sum, { type }, i) => sum + (of(i) ? byteLength(type) : 0), 0);
    const handedOn = new Set(program.outputs.map(({ value }) => value));
    expect(total((i) => program.boundary[i])).to.be.below(2 * total((i) => handedOn.has(i)));
  });
});
