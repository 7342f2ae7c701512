import {
  DTYPES,
  type Execution,
  type Fault,
  type Hash,
  judgeElement,
  segmentNeeded,
  type Tensor,
  tensorsOf,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import type { Trace } from '@essaim/runtime';
import { StorageError } from '@essaim/storage';
import type { Case, Desk } from './case.ts';
import { type Charge, charges, type Scene } from './charge.ts';
import type { ClaimView } from './claims.ts';
import type { Docket } from './docket.ts';
import { irregularByte } from './form.ts';
import { honestInputsOf } from './honest-inputs.ts';
import { type ClaimedValue, ClaimedValues } from './values.ts';

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
  const honestInputs = honestInputsOf(submission, views);
  const foreign = charges.context(desk, submission, views, view, honestInputs);
  if (foreign) return foreign;
  if (!honestInputs) throw inputsUnknown(submission);
  const claimed = new ClaimedValues(desk, submission, view);
  const own = await desk.trace(program, onnx, submission.inputs?.[view.leaf] ?? (await claimed.inputs(signal)));
  return tryTrace(desk, submission, views, view, { own, claimed }, signal);
}

/** What a claim's form and numbers are charged with, given one's own execution on the inputs that it claims. */
export async function tryTrace(
  desk: Desk,
  submission: Docket,
  views: readonly ClaimView[],
  view: ClaimView,
  { own, claimed }: { own: Trace; claimed: ClaimedValues },
  signal?: AbortSignal,
): Promise<Charge | null> {
  const { program } = own;
  if (own.traceRoot === view.shown.traceRoot) return null;
  const known = own.values.map((tensor, i) => tensor && { ...tensor, root: view.roots[i] });
  const scene: Scene = { submission, views, view, execution: { program, inputs: own.inputs, values: known } };
  return formOf(scene) ?? (await tryValues({ desk, scene, own, known, claimed }, signal));
}

/** Nobody can be charged before the inputs are known. */
export const inputsUnknown = ({ jobId }: Case): StorageError =>
  new StorageError(
    'STORAGE_NOT_FOUND',
    `nobody serves the inputs of job ${jobId}, and some claim is of another input`,
    {
      help: 'which one shows once the requester serves its inputs again',
    },
  );

/** Faults that the list of roots shows by itself. */
function formOf(scene: Scene): Charge | null {
  const { header, boundary } = scene.submission.model.program;
  const { roots, padding } = scene.view;
  const zero = boundary.findIndex((committed, value) => committed && roots[value] === ZERO_HASH);
  if (zero >= 0) return charges.missing(scene, zero);
  const inner = boundary.findIndex((committed, value) => !committed && roots[value] !== ZERO_HASH);
  if (inner >= 0) return charges.stray(scene, inner, roots[inner]);
  const stray: Hash | undefined = padding && header.valueCount % 2 === 1 ? toHex(padding[0]) : roots[header.valueCount];
  const beyond = padding
    ? header.valueCount
    : roots.findIndex((root, i) => i >= header.valueCount && root !== ZERO_HASH);
  if (padding) return stray && stray !== ZERO_HASH ? charges.beyond(scene, beyond, stray) : null;
  return beyond >= 0 ? charges.beyond(scene, beyond, roots[beyond]) : null;
}

/** A trial of one claim's numbers: one's own execution, and what is known of the claimed one. */
interface Trial {
  readonly desk: Desk;
  readonly scene: Scene;
  readonly own: Trace;
  /** The claimed values; one's own bytes where their roots are equal. Null for inner values. */
  readonly known: (Tensor | null)[];
  readonly claimed: ClaimedValues;
}

/** Segment by segment: what its boundary values show, and if they cannot be right, what lies inside it. */
async function tryValues(trial: Trial, signal?: AbortSignal): Promise<Charge | null> {
  const { scene, own, known, claimed } = trial;
  const { program } = scene.execution;
  let doubtful: Charge | null = null;
  for (const [segment, { firstValue, valueCount }] of program.segments.entries()) {
    const numbers = Array.from({ length: valueCount }, (_, i) => firstValue + i);
    const differ = numbers.filter((value) => known[value] && own.values[value]!.root !== known[value].root);
    for (const value of differ) {
      const shown = await claimed.value(value, signal);
      const form = formOfValue(scene, value, shown);
      if (form) return form;
      if ('tensor' in shown) known[value] = shown.tensor;
    }
    if (differ.length === 0) continue;
    const charge = numbers.every((value) => program.boundary[value])
      ? await tryOf(scene, differ, (value) => own.values[value]!.bytes, signal)
      : await trySegment(trial, segment, signal);
    if (charge?.verdict === 'convicted') return charge;
    doubtful ??= charge;
  }
  return doubtful;
}

/** Makes a segment again from what was claimed to enter it; if its boundary cannot come of that, its list is demanded. */
async function trySegment(
  { desk, scene, own, known, claimed }: Trial,
  segment: number,
  signal?: AbortSignal,
): Promise<Charge | null> {
  const { program } = scene.execution;
  const { firstValue } = program.segments[segment];
  const remade = await desk.trace.remake({ ...own, values: known }, scene.submission.model.onnx, segment);
  const ownBytes = (value: number) => remade[value - firstValue].bytes;
  const numbers = remade.map((_, i) => firstValue + i);
  const guess = known.map((tensor, i) => tensor ?? remade[i - firstValue] ?? null);
  const guessed = { ...scene, execution: { ...scene.execution, values: guess } };
  const suspicion = await faultOf(guessed.execution, numbers, ownBytes, signal);
  if (!suspicion) return null;
  if (segmentNeeded(program, suspicion.op) === null) return charges.element(scene, suspicion);

  const answered = await claimed.segment(segment, signal);
  const { roots, list } = answered;
  const values = [...known];
  const execution = { ...scene.execution, values, segmentRoots: new Map([[segment, roots]]) };
  const inside = { ...scene, execution };
  const stray = roots.findIndex((root, i) => program.boundary[firstValue + i] && root !== ZERO_HASH);
  if (stray >= 0) return charges.stray(inside, firstValue + stray, roots[stray], list);
  let doubtful: Charge | null = null;
  for (const value of numbers) {
    const mine = remade[value - firstValue];
    const root = roots[value - firstValue];
    if (!program.boundary[value]) {
      if (root === ZERO_HASH) return charges.missing(inside, value);
      const shown = root === mine.root ? null : await claimed.inner(answered, value, signal);
      const form = shown && formOfValue(inside, value, shown);
      if (form) return form;
      values[value] = shown && 'tensor' in shown ? shown.tensor : mine;
    }
    const charge = await tryOf(inside, [value], ownBytes, signal);
    if (charge?.verdict === 'convicted') return charge;
    doubtful ??= charge;
  }
  return doubtful;
}

/** What a value shows by its form: another type, or bytes that no tensor has. */
function formOfValue(scene: Scene, value: number, shown: ClaimedValue): Charge | null {
  if (!('tensor' in shown)) return charges.type(scene, value, shown.type, shown.chunkRoot);
  const values = scene.execution.values.with(value, shown.tensor);
  const at = { ...scene, execution: { ...scene.execution, values } };
  const chunks = shown.padded.length / 1024;
  const stray = shown.padding && chunks % 2 === 1 && chunks > 1 ? toHex(shown.padding[0]) : ZERO_HASH;
  if (stray !== ZERO_HASH) return charges.leaf(at, value, chunks, stray);
  const byte = irregularByte(shown.tensor.type, shown.padded);
  return byte >= 0 ? charges.byte(at, value, byte) : null;
}

async function tryOf(
  scene: Scene,
  values: readonly number[],
  own: (value: number) => Uint8Array,
  signal?: AbortSignal,
): Promise<Charge | null> {
  const fault = await faultOf(scene.execution, values, own, signal);
  return fault && charges.element(scene, fault);
}

/** The first convicted element of these values, or else the first void one, or null. */
async function faultOf(
  execution: Execution,
  values: readonly number[],
  own: (value: number) => Uint8Array,
  signal?: AbortSignal,
): Promise<Fault | null> {
  const { operators } = execution.program;
  let doubtful: Fault | null = null;
  for (const value of values) {
    const op = operators.findLastIndex(({ firstValue }) => firstValue <= value);
    const fault = await tryValue(execution, op, value - operators[op].firstValue, own(value), signal);
    if (fault?.verdict === 'convicted') return fault;
    doubtful ??= fault;
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
  const { bytes, type } = values[operator.firstValue + output]!;
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
