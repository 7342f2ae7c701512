import { compile, elementCount, judgeElement, OnnxBuilder, tensorsOf } from '@essaim/protocol';
import { type Engine, openTracer } from '@essaim/runtime';
import { random } from '../../test/random.ts';

/** Operand data: the first two natural, the others made to bring out a kernel's error. */
const DATA: Readonly<Record<string, (i: number, next: () => number) => number>> = {
  random: (_, next) => 2 * next() - 1,
  positive: (_, next) => next() + 0.1,
  'one large term': (i, next) => (i === 0 ? 1e6 : 1) * (2 * next() - 1),
  'every 64th': (i) => (i % 64 === 0 ? 1 : 1e-6),
  alternating: (i, next) => (i % 2 ? -1 : 1) * (1 + next() / 100),
};
const LENGTHS = [64, 1024, 2048];
const ELEMENTS = 32;

/** Verdicts over the honest elements of one product on one kind of data. */
export interface Calibration {
  readonly operator: string;
  readonly terms: number;
  readonly data: string;
  readonly elements: number;
  readonly void: number;
  readonly convicted: number;
}

function product(operator: string, terms: number, data: string, weight: boolean, seed: number) {
  const next = random(seed);
  const model = new OnnxBuilder();
  const fill = (count: number) => Float32Array.from({ length: count }, (_, i) => DATA[data](i % terms, next));
  const conv = operator === 'Conv';
  const a = conv ? [1, terms / 16, 6, 6] : [4, terms];
  const b = conv ? [8, terms / 16, 4, 4] : [terms, 8];
  const inputs = [fill(a.reduce((n, d) => n * d, 1))];
  const second = fill(b.reduce((n, d) => n * d, 1));
  const names = [model.input('a', 'float32', a)];
  if (weight) names.push(model.initializer('b', 'float32', b, second));
  else {
    inputs.push(second);
    names.push(model.input('b', 'float32', b));
  }
  model.output(model.node(operator, names, { outputs: ['y'] }), 'float32');
  return { onnx: model.bytes(), inputs: inputs.map((array) => new Uint8Array(array.buffer)) };
}

/** Judges honest float products of an engine: nothing may be convicted, and nothing void on natural data. */
export async function calibrate(engine: Engine): Promise<Calibration[]> {
  const found: Calibration[] = [];
  const trace = openTracer({ engines: [engine] });
  let seed = 1;
  for (const operator of ['MatMul', 'Gemm', 'Conv']) {
    for (const terms of LENGTHS) {
      for (const data of Object.keys(DATA)) {
        const counts = { permitted: 0, void: 0, convicted: 0 };
        for (const weight of [true, false]) {
          const { onnx, inputs } = product(operator, terms, data, weight, seed++);
          const program = compile(onnx);
          const execution = await trace(program, onnx, inputs);
          const number = program.operators.length - 1;
          const count = elementCount(program.operators[number].outputTypes[0]);
          for (let i = 0; i < Math.min(count, ELEMENTS); i++) {
            const element = Math.floor((i * count) / Math.min(count, ELEMENTS));
            counts[judgeElement(program, program.operators[number], 0, element, tensorsOf(execution)).verdict]++;
          }
        }
        const elements = counts.permitted + counts.void + counts.convicted;
        found.push({ operator, terms, data, elements, void: counts.void, convicted: counts.convicted });
      }
    }
  }
  return found;
}

export const isNatural = ({ data }: Calibration): boolean => data === 'random' || data === 'positive';
