/** What a commitment costs beside a step of training itself: npm run bench:training -- [steps]. See docs/benchmarks.md. */
import { byteLength, compile, scheduleRow, setDefaultHasher, stepProgram } from '@essaim/protocol';
import { commitTrace, Executor, nativeHasher } from '@essaim/runtime';
import { random, randomBytes } from '../test/random.ts';
import { languageModel } from './bench/language.ts';
import { measureRatio } from './bench/ratio.ts';
import { recordFigure } from './figures.ts';

const [batch, tokens, characters] = [16, 128, 128];
const steps = Number(process.argv[2] ?? 3);
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
const checkpoint = [...step.parameters, ...step.state].map(({ initial }) => initial);
const inputs = [...checkpoint, new Uint8Array(scheduleRow(optimiser, 0.01, 1).buffer), text(), text()];
const traced = await Executor.open(program, step.onnx, { trace: true });
const plain = await Executor.open(program, step.onnx);
const { ratio, subject, baseline } = await measureRatio(
  async () => commitTrace(program, inputs, await traced.run(inputs)),
  () => plain.run(inputs),
  steps,
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
