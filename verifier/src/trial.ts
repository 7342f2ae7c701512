import {
  DTYPES,
  type Execution,
  type Fault,
  type Hash,
  judgeElement,
  type Tensor,
  tensorsOf,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import { commitInputs, type Trace } from '@essaim/runtime';
import type { Case, Desk } from './case.ts';
import { type Charge, charges, type Scene } from './charge.ts';
import type { ClaimView } from './claims.ts';
import { irregularByte } from './form.ts';
import { ClaimedValues } from './values.ts';

/** Elements judged before others get their turn. */
const STRIDE = 256;

/**
 * What one claim is charged with, or null if nobody could convict it: first that it is not the job's, then its form, then
 * its numbers in operator order. Only what differs from one's own execution is looked at, and only on operands that are
 * known: equal to one's own by their roots, or shown by the executor.
 */
export async function tryClaim(
  desk: Desk,
  submission: Case,
  views: readonly ClaimView[],
  view: ClaimView,
  signal?: AbortSignal,
): Promise<Charge | null> {
  const { program, onnx } = submission.model;
  const honestInputs = submission.inputs.map((inputs) => commitInputs(program, inputs).root);
  const foreign = charges.context(desk, submission, views, view, honestInputs);
  if (foreign) return foreign;
  const own = await desk.trace(program, onnx, submission.inputs[view.leaf]);
  if (own.traceRoot === view.shown.traceRoot) return null;
  const values = own.values.map((tensor, i) => ({ ...tensor, root: view.roots[i] }));
  const scene: Scene = { submission, views, view, execution: { program, inputs: own.inputs, values } };
  return formOf(scene) ?? (await tryValues(desk, scene, own, values, signal));
}

/** Faults that the list of roots shows by itself. */
function formOf(scene: Scene): Charge | null {
  const { header } = scene.submission.model.program;
  const { roots, padding } = scene.view;
  const zero = roots.slice(0, header.valueCount).indexOf(ZERO_HASH);
  if (zero >= 0) return charges.missing(scene, zero);
  const stray: Hash | undefined = padding && header.valueCount % 2 === 1 ? toHex(padding[0]) : roots[header.valueCount];
  const beyond = padding
    ? header.valueCount
    : roots.findIndex((root, i) => i >= header.valueCount && root !== ZERO_HASH);
  if (padding) return stray && stray !== ZERO_HASH ? charges.beyond(scene, beyond, stray) : null;
  return beyond >= 0 ? charges.beyond(scene, beyond, roots[beyond]) : null;
}

async function tryValues(
  desk: Desk,
  scene: Scene,
  own: Trace,
  known: Tensor[],
  signal?: AbortSignal,
): Promise<Charge | null> {
  const { program } = scene.execution;
  const claimed = new ClaimedValues(desk, scene.submission, scene.view);
  let doubtful: Charge | null = null;
  for (const [op, { firstValue, outputTypes }] of program.operators.entries()) {
    const differ = outputTypes
      .map((_, i) => firstValue + i)
      .filter((value) => own.values[value].root !== known[value].root);
    for (const value of differ) {
      const shown = await claimed.value(value, signal);
      if (!('tensor' in shown)) return charges.type(scene, value, shown.type, shown.chunkRoot);
      known[value] = shown.tensor;
      const chunks = shown.padded.length / 1024;
      const stray = shown.padding && chunks % 2 === 1 && chunks > 1 ? toHex(shown.padding[0]) : ZERO_HASH;
      if (stray !== ZERO_HASH) return charges.leaf(scene, value, chunks, stray);
      const at = irregularByte(shown.tensor.type, shown.padded);
      if (at >= 0) return charges.byte(scene, value, at);
    }
    for (const value of differ) {
      const fault = await tryValue(scene.execution, op, value - firstValue, own.values[value].bytes, signal);
      if (fault?.verdict === 'convicted') return charges.element(scene, fault);
      if (fault) doubtful ??= charges.element(scene, fault);
    }
  }
  return doubtful;
}

/** The first convicted element among those that differ from one's own, or else the first void one, or null. */
async function tryValue(
  execution: Execution,
  op: number,
  output: number,
  own: Uint8Array,
  signal?: AbortSignal,
): Promise<Fault | null> {
  const { program, values } = execution;
  const operator = program.operators[op];
  const { bytes, type } = values[operator.firstValue + output];
  const { size } = DTYPES[type.dtype];
  const tensorOf = tensorsOf(execution);
  let doubtful: Fault | null = null;
  let tried = 0;
  for (let element = 0; element < bytes.length / size; element++) {
    if (isSame(bytes, own, element * size, size)) continue;
    if (++tried % STRIDE === 0) await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    const { verdict, claimed, permitted } = judgeElement(program, operator, output, element, tensorOf);
    if (verdict === 'permitted') continue;
    const fault = { op, output, element, verdict, claimed, permitted: permitted.describe() };
    if (verdict === 'convicted') return fault;
    doubtful ??= fault;
  }
  return doubtful;
}

function isSame(a: Uint8Array, b: Uint8Array, from: number, length: number): boolean {
  for (let i = from; i < from + length; i++) if (a[i] !== b[i]) return false;
  return true;
}
