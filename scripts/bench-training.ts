/** What a commitment costs beside a step of training itself: npm run bench:training -- [steps]. See docs/benchmarks.md. */
import {
  byteLength,
  commitTensor,
  compile,
  scheduleRow,
  setDefaultHasher,
  stepProgram,
  type Tensor,
} from '@essaim/protocol';
import { commitTrace, Executor, nativeHasher } from '@essaim/runtime';
import { random, randomBytes } from '../test/random.ts';
import { languageModel } from './bench/language.ts';
import { measureRatio, processorTime } from './bench/ratio.ts';
import { recordFigure } from './figures.ts';

const [batch, tokens, characters] = [16, 128, 128];
const steps = Number(process.argv[2] ?? 15);
setDefaultHasher(nativeHasher);
const optimiser = { kind: 'sgd', momentum: 0.9 } as const;
const onnx = languageModel({ batch, tokens, width: 384, heads: 6, layers: 6, characters });
const step = stepProgram(onnx, { loss: { kind: 'cross-entropy', targetType: 'uint8' }, optimiser });
const began = performance.now();
const program = compile(step.onnx);
const parameters = step.parameters.reduce((sum, { initial }) => sum + initial.length / 4, 0);
const committed = program.values.reduce((sum, { type }, i) => sum + (program.boundary[i] ? byteLength(type) : 0), 0);
const whole = program.values.reduce((sum, { type }) => sum + byteLength(type), 0);
const mega = (n: number): string => (n / 1e6).toFixed(1);
console.log(
  `${mega(parameters)}M parameters, ${program.operators.length} operators, ${program.segments.length} segments`,
);
console.log(
  `${mega(committed)} of ${mega(whole)} MB committed, compiled in ${(performance.now() - began).toFixed(0)} ms`,
);

const text = () => randomBytes(random(2), batch * tokens).map((byte) => byte % characters);
const carried = [...step.parameters, ...step.state];
const feeds = [new Uint8Array(scheduleRow(optimiser, 0.01, 1).buffer), text(), text()];
const traced = await Executor.open(program, step.onnx, { trace: true });
const plain = await Executor.open(program, step.onnx);
let checkpoint: readonly Tensor[] = carried.map(({ initial }, i) => commitTensor(program.inputs[i].type, initial));
let alone: readonly Uint8Array[] = carried.map(({ initial }) => initial);
const { ratio, subject, baseline } = await measureRatio(
  async () => {
    const inputs = [...checkpoint.map(({ bytes }) => bytes), ...feeds];
    const { values } = commitTrace(program, inputs, await traced.run(inputs), checkpoint);
    checkpoint = carried.map((_, i) => values[program.outputs[i].value]!);
  },
  async () => {
    const results = await plain.run([...alone, ...feeds]);
    alone = carried.map(({ next }) => results[next]);
  },
  steps,
  processorTime,
);
console.log(
  `ratio.training.transformer-10m ${ratio.toFixed(2)}   ${subject.toFixed(0)} ms over ${baseline.toFixed(0)} ms`,
);
recordFigure('ratio.training.transformer-10m', {
  value: ratio,
  unit: 'ratio',
  aim: { atMost: 1.15 },
  command: 'npm run bench:training',
});
