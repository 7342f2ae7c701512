import { commitTensor, elementCount, listRoot, type Program, type Tensor, ZERO_HASH } from '@essaim/protocol';
import { commitTrace, Executor, type Trace, type Tracer } from '@essaim/runtime';
import { random } from '../../test/random.ts';
import { tamper } from '../demo/tamper.ts';
import { cheatsOn } from '../downgrade/cheats.ts';
import { CNN } from '../downgrade/networks.ts';
import type { KindName } from './kinds.ts';
import { wide } from './models.ts';

/** What a cheat runs in the place of the model, and what it changes of what came out. */
export interface Cheat {
  /** The file that is run; segments are made again with it too, so that answers fit the lie. */
  model(program: Program, onnx: Uint8Array, seed: number): Uint8Array;
  /** What it commits to instead. */
  change?(trace: Trace, run: (inputs: readonly Uint8Array[]) => Promise<Trace>): Trace | Promise<Trace>;
}

const honestly = (_: Program, onnx: Uint8Array): Uint8Array => onnx;
const changed = Object.fromEntries(
  Object.entries(cheatsOn(CNN)).map(([name, change]) => [name, { model: () => wide(change) }]),
);

/** A float32 value of the graph, drawn by chance among those that `fits`. */
function drawn(program: Program, next: () => number, fits: (value: number) => boolean): number {
  const found = program.values.flatMap(({ source, type }, value) =>
    'onnx' in source && type.dtype === 'float32' && elementCount(type) > 1 && fits(value) ? [value] : [],
  );
  if (found.length === 0) throw new Error('no value of this program can be lied in');
  return found[Math.floor(next() * found.length)];
}

function lie(program: Program, onnx: Uint8Array, seed: number, fits: (value: number) => boolean): Uint8Array {
  const next = random(seed);
  const { source, type } = program.values[drawn(program, next, fits)];
  const element = Math.floor(next() * elementCount(type));
  return tamper(onnx, program, { tensor: 'onnx' in source ? source.onnx : '', element, delta: 50 });
}

function withValue(trace: Trace, at: number, by: (tensor: Tensor) => Tensor): Trace {
  const values = trace.values.map((tensor, value) => (value === at && tensor ? by(tensor) : tensor));
  return { ...trace, values, traceRoot: listRoot(values.map((tensor) => tensor?.root ?? ZERO_HASH)) };
}

/** A number that is none, in other bits than those that commitments allow. */
function disguised({ type, bytes }: Tensor): Tensor {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(0, 0x7fc00001, true);
  return commitTensor(type, copy);
}

const boundary =
  ({ boundary: committed }: Program) =>
  (value: number) =>
    committed[value];
const inner =
  ({ boundary: committed }: Program) =>
  (value: number) =>
    !committed[value];
const first = ({ program }: Trace): number => drawn(program, () => 0, boundary(program));
const zeros = ({ program }: Trace) => program.inputs.map(({ type }) => new Uint8Array(4 * elementCount(type)));

/** How each kind is done. Silence is honest work that nobody is shown. */
export const CHEATS: Readonly<Record<KindName, Cheat>> = {
  'a wrong number in the answer': {
    model: (program, onnx, seed) => {
      const last = program.outputs
        .map(({ value }) => value)
        .find((value) => program.values[value].type.dtype === 'float32');
      return lie(program, onnx, seed, (value) => value === last);
    },
  },
  'a wrong number inside a segment': { model: (program, onnx, seed) => lie(program, onnx, seed, inner(program)) },
  'a skipped layer': changed['a skipped layer'],
  'a smaller model': changed['a smaller model'],
  'fp16 weights': changed['fp16 weights'],
  'int8 weights': changed['int8 weights'],
  'a cached answer': {
    model: honestly,
    change: async (trace, run) => {
      const { inputs, inputsRoot } = trace;
      return { ...(await run(zeros(trace))), inputs, inputsRoot };
    },
  },
  'another input': { model: honestly, change: (trace, run) => run(zeros(trace)) },
  'a NaN in disguise': { model: honestly, change: (trace) => withValue(trace, first(trace), disguised) },
  'a missing value': {
    model: honestly,
    change: (trace) => withValue(trace, first(trace), (tensor) => ({ ...tensor, root: ZERO_HASH })),
  },
  silence: { model: honestly },
};

/** Runs a claim the way a cheat does. */
export async function cheat(
  { model, change }: Cheat,
  seed: number,
  ...[program, onnx, inputs]: Parameters<Tracer>
): Promise<Trace> {
  const executor = await Executor.open(program, model(program, onnx, seed), { trace: true });
  const run = async (given: readonly Uint8Array[]) => commitTrace(program, given, await executor.run(given));
  try {
    const trace = await run(inputs);
    return (await change?.(trace, run)) ?? trace;
  } finally {
    await executor.close();
  }
}
