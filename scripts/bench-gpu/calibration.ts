import type { Engine } from '@essaim/runtime';
import { PATTERNS } from '@essaim/runtime';
import { random } from '../../test/random.ts';
import { BUILDS } from '../calibrate/cases.ts';
import { type Measure, calibrate as measureAll } from '../calibrate/measure.ts';
import { faultsOf, isFaulty } from '../calibrate/report.ts';
import { openEngines } from '../lib/engines.ts';
import { gpuName } from './device.ts';

/** What devices differ in: products, what WGSL leaves to drivers, and rows. */
const OPERATORS = [
  ...['MatMul', 'Conv', 'Div', 'Sqrt', 'Reciprocal', 'Exp', 'Log', 'Pow', 'Erf', 'Tanh', 'Sin', 'Gelu'],
  ...['Softmax', 'LayerNormalization', 'ReduceSum'],
];

/** How the honest elements of an engine stand to the judges' bounds. */
export interface Calibration {
  readonly elements: number;
  readonly convicted: number;
  /** On natural data. */
  readonly voids: number;
  /** What an honest provider must not serve on it: operators with the numbers of terms. */
  readonly refused: readonly string[];
  /** In words. A software adapter is never called qualified, nor is a GPU that nobody can name. */
  readonly qualified: string;
  readonly faults: readonly string[];
}

/** Measures one engine by `npm run calibrate`'s own cases, or says that it has none of them. */
export async function calibrate(engine: Engine): Promise<Calibration> {
  const next = random(23);
  const runners = await openEngines(BUILDS.Relu.builds[0](4, PATTERNS[0], next).onnx, [engine]);
  const runner = runners[0];
  const found = await measureAll([runner], next, OPERATORS);
  const sum = (of: (it: Measure) => number): number => found.reduce((total, it) => total + of(it), 0);
  const faulty = found.filter(isFaulty).map(({ case: { operator, terms } }) => `${operator} of ${terms}`);
  const refused = [...new Set(faulty)];
  const served = refused.length === 0 ? 'all kernels tried' : `all kernels tried but ${refused.join(', ')}`;
  const isGpu = engine !== 'cpu';
  return {
    elements: sum((it) => it.elements),
    convicted: sum((it) => it.convicted),
    voids: sum((it) => (it.case.pattern.natural ? it.voids : 0)),
    refused,
    qualified: isGpu && (runner.software || !gpuName()) ? 'no: a software adapter' : served,
    faults: faultsOf(found, new Set()),
  };
}
