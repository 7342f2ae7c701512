import {
  compile,
  EssaimError,
  edgesOf,
  elementCount,
  type Interval,
  judgeElement,
  type Program,
  ratioTo,
} from '@essaim/protocol';
import { PATTERNS, wholeExecution } from '@essaim/runtime';
import type { Numbers, Runner } from '../lib/engines.ts';
import { BUILDS, type Case } from './cases.ts';

/** The worst of a case's elements on one engine, as distances from the middle of the interval in half widths. */
export interface Measure {
  readonly case: Case;
  readonly engine: string;
  readonly elements: number;
  readonly sharp: number;
  readonly contract: number;
  readonly voids: number;
  readonly convicted: number;
}

/** Names a kernel on an engine. */
export const kernelOf = ({ case: { operator, shape, terms }, engine }: Measure): string =>
  [operator, shape, terms, engine].join('\t');

const bytesOf = ({ data }: Numbers): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Most elements that are judged of one case, spread over the tensor. */
const MOST = 68;

/** A software adapter is slow: it is shown products of up to this many terms, not those of transposed operands. */
const LONGEST_IN_SOFTWARE = 1024;
const shown = ({ software }: Runner, { terms, shape }: Case): boolean =>
  !software || (terms <= LONGEST_IN_SOFTWARE && !/[AB]ᵀ/.test(shape));

/** Measures all operators, or only those named, on every kind of data. */
export async function calibrate(
  engines: readonly Runner[],
  next: () => number,
  only: readonly string[] = [],
): Promise<Measure[]> {
  const found: Measure[] = [];
  for (const [operator, { terms, builds }] of Object.entries(BUILDS)) {
    if (only.length > 0 && !only.includes(operator)) continue;
    for (const k of terms) {
      const before = found.length;
      for (const build of builds) {
        for (const pattern of PATTERNS) {
          const it = build(k, pattern, next);
          const these = engines.filter((engine) => shown(engine, it));
          found.push(...(await measure(it, these)));
        }
      }
      const here = found.slice(before);
      const worst = (natural: boolean, of: 'sharp' | 'contract') =>
        Math.max(...here.filter((it) => it.case.pattern.natural === natural).map((it) => it[of])).toPrecision(3);
      console.log(
        `${operator} ${k}: natural ${worst(true, 'sharp')} of sharp, adversarial ${worst(false, 'contract')} of contract`,
      );
    }
  }
  return found;
}

/** Runs a case on every engine and judges its elements through the judge's twin. */
export async function measure(it: Case, engines: readonly Runner[]): Promise<Measure[]> {
  const program = compile(it.onnx);
  const inputs = program.inputs.map(({ name }) => bytesOf(it.inputs[name]));
  const [{ value }] = program.outputs;
  const results: { engine: string; values: Uint8Array[] }[] = [];
  for (const engine of engines) {
    const named = await taken(engine.run(it.onnx, it.inputs, ['y']));
    if (!named) continue;
    results.push({
      engine: engine.name,
      values: wholeExecution(program, inputs, named).values.map(({ bytes }) => bytes),
    });
  }
  const worst = results.map(({ engine }) => ({ engine, sharp: 0, contract: 0, voids: 0, convicted: 0 }));
  const count = elementCount(program.values[value].type);
  const elements = Math.min(count, MOST);
  for (let i = 0; i < elements; i++) {
    const element = Math.floor((i * count) / elements);
    const claims = results.map(({ values }) => words(values[value])[element]);
    const permitted = trial(program, inputs, results[0].values, element);
    for (const [i, bits] of claims.entries()) {
      const edges = edgesOf(permitted, BigInt(bits));
      const verdict = permitted.verdict(BigInt(bits));
      if (verdict === 'convicted') worst[i].convicted++;
      if (verdict === 'void') worst[i].voids++;
      if (!edges) {
        if (verdict === 'convicted') worst[i].contract = worst[i].sharp = Number.POSITIVE_INFINITY;
        continue;
      }
      const number = new Float32Array(Uint32Array.of(bits).buffer)[0];
      worst[i].sharp = Math.max(worst[i].sharp, ratio(edges.sharp, number));
      worst[i].contract = Math.max(worst[i].contract, ratio(edges.contract, number));
    }
  }
  return worst.map((found) => ({ case: it, elements, ...found }));
}

/** Null where an engine has no kernel for the model. */
const taken = <T>(result: Promise<T>): Promise<T | null> =>
  result.catch((error: unknown) => {
    if (error instanceof EssaimError && error.code === 'ENGINE_NONE') return null;
    throw error;
  });

/** As far as float32 can tell, a number within one unit in the last place of the middle lies on it. */
function ratio(interval: Interval, number: number): number {
  const unit = 2 ** Math.max(-149, Math.floor(Math.log2(Math.abs(number))) - 23);
  const distance = Math.abs(number - (interval[0] + interval[1]) / 2);
  return distance <= unit ? 0 : ratioTo(interval, number);
}

const words = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, byteLength / 4);

/** What the judge permits of an element of the model's output; its operands are the same on every engine. */
function trial(program: Program, inputs: readonly Uint8Array[], values: readonly Uint8Array[], element: number) {
  const op = program.operators.find(({ firstValue }) => firstValue === program.outputs[0].value)!;
  const tensors = { input: inputs, weight: program.weights.map(({ bytes }) => bytes), value: values, inner: values };
  return judgeElement(program, op, 0, element, (kind, index) => ({ bytes: tensors[kind][index] })).permitted;
}
