import {
  batchFault,
  byteLength,
  type ClaimPlace,
  checkpointFault,
  continuityFault,
  DTYPES,
  type Execution,
  elementCount,
  type FaultyClaim,
  type Hash,
  ListTree,
  listRoot,
  readRoots,
  rowsOf,
  type StepFault,
  scheduleFault,
  stepContextFault,
  stepOf,
  type Tensor,
  tensorFault,
} from '@essaim/protocol';
import type { Desk } from '../case.ts';
import type { Charge } from '../charge.ts';
import { batchTree } from '../claims.ts';
import { demand } from '../demand.ts';
import { paddedList } from '../padding.ts';
import { ClaimedValues } from '../values.ts';
import type { RoundCase } from './round-case.ts';
import { shellOf } from './shell.ts';
import { contextsOf, outputRoots, type StepView } from './step-views.ts';

export const charge = (kind: StepFault, leaf: number, proof: Uint8Array, told: Charge['told']): Charge => ({
  kind,
  leaf,
  proof,
  verdict: 'convicted',
  told,
});

export const placeOf = (views: readonly StepView[], view: StepView): ClaimPlace => ({
  context: view.shown.context,
  leaf: view.leaf,
  batch: batchTree(views),
  ...(view.padding ? { trace: paddedList(view.roots, view.padding) } : {}),
});

/** A claim that is of another program or place than the run's, if any is. */
export function contextCharge({ essaim }: Desk, round: RoundCase, views: readonly StepView[]): Charge | null {
  const expected = contextsOf(round, essaim.deployment.chainId, views);
  const leaf = views.findIndex(
    ({ programId, shown }, i) => programId !== round.programId || shown.context !== expected[i],
  );
  if (leaf < 0) return null;
  const claims = views.map(({ programId, shown }) => ({ ...shown, programId }));
  const what = views[leaf].programId === round.programId ? 'context' : 'program';
  return charge('context', leaf, stepContextFault(claims, leaf), { foreign: what });
}

/** The roots of a step's inputs: shown with the claim, or its list demanded on chain. */
export async function inputRoots(
  desk: Desk,
  round: RoundCase,
  view: StepView,
  expected: readonly Hash[],
  signal?: AbortSignal,
): Promise<readonly Hash[]> {
  if (listRoot([...expected]) === view.shown.inputsRoot) return expected;
  if (view.inputs?.length === expected.length) return view.inputs;
  const ask = { leaf: view.leaf, kind: 'inputs', index: 0, first: 0, count: expected.length } as const;
  const { question, answer } = await demand(desk, round, ask, null, signal);
  return readRoots(question, answer, round.batch).roots;
}

/** A tensor that a step takes and that is not the one that it continues, if any is. */
export function continuityCharge(
  round: RoundCase,
  views: readonly StepView[],
  view: StepView,
  inputs: readonly Hash[],
  parent: readonly Hash[],
  before: readonly Hash[],
): Charge | null {
  const { submitted, terms } = round;
  const { program } = round.model;
  const isFirst = view.leaf === 0;
  const previous = isFirst ? null : views[view.leaf - 1];
  const expected = previous ? outputRoots(round, previous) : parent;
  const tensor = expected.findIndex((root, i) => root !== inputs[i]);
  if (tensor < 0) return null;
  const faulty: FaultyClaim = { execution: shellOf(program, inputs, view), place: placeOf(views, view) };
  const told = { tensor: program.inputs[tensor].name, continues: isFirst ? submitted.parent : 'the step before' };
  if (!previous)
    return charge('continuity', view.leaf, tensorFault(faulty, tensor, 0, expected.slice(0, terms.tensors)), told);
  const last = { execution: shellOf(program, before, previous), place: placeOf(views, previous) };
  return charge('continuity', view.leaf, continuityFault(faulty, tensor, last), told);
}

/** The batch's last step does not end in the checkpoint that the batch states. */
export function checkpointCharge(round: RoundCase, views: readonly StepView[], inputs: readonly Hash[]): Charge | null {
  const { submitted, terms } = round;
  const { program } = round.model;
  const last = views[views.length - 1];
  if (listRoot(outputRoots(round, last)) === submitted.batch.checkpoint) return null;
  const faulty = { execution: shellOf(program, inputs, last), place: placeOf(views, last) };
  return charge('checkpoint', last.leaf, checkpointFault(faulty, terms.tensors), {
    stated: submitted.batch.checkpoint,
  });
}

/** Schedule or rows of a step that are not the run's: which element, its trainer says on chain. */
export async function feedsCharge(
  desk: Desk,
  round: RoundCase,
  views: readonly StepView[],
  view: StepView,
  inputs: readonly Hash[],
  honest: readonly Tensor[],
  signal?: AbortSignal,
): Promise<Charge | null> {
  const { parts, terms, submitted, seed } = round;
  const { program } = parts;
  const whole = shellOf(program, inputs, view);
  const { round: number, seat } = submitted.batch;
  const step = stepOf(terms, number, view.leaf);
  for (let index = terms.tensors; index < honest.length; index++) {
    const found = await strangeInput(desk, round, view, { index, honest: honest[index], root: inputs[index] }, signal);
    if (!found) continue;
    const { element } = found;
    const execution: Execution = { ...whole, inputs: whole.inputs.with(index, found.tensor) };
    const faulty = { execution, place: placeOf(views, view) };
    if (index > terms.tensors) {
      const rows = rowsOf(terms, seed, { round: number, seat, step: view.leaf });
      return rowCharge(round, faulty, { index, element, rows, first: terms.tensors + 1 });
    }
    const proof = scheduleFault(faulty, terms.tensors, { step, element }, parts.schedule);
    return charge('schedule', view.leaf, proof, { element, step });
  }
  return null;
}

/** An input that is not the honest one, as its trainer shows it on chain, and the first element that differs. */
export async function strangeInput(
  desk: Desk,
  round: RoundCase,
  view: StepView,
  { index, honest, root }: { index: number; honest: Tensor; root: Hash },
  signal?: AbortSignal,
): Promise<{ tensor: Tensor; element: number } | null> {
  if (honest.root === root) return null;
  const shown = await new ClaimedValues(desk, round, view).input(index, signal);
  // an input of another type has no answer that Availability takes
  if (!('tensor' in shown)) return null;
  const { type, bytes } = honest;
  const at = bytes.findIndex((byte, i) => byte !== shown.tensor.bytes[i]);
  // bytes after the end are read by nobody
  return at < 0 ? null : { tensor: shown.tensor, element: Math.floor(at / DTYPES[type.dtype].size) };
}

/** An element of a column, whose batch begins at input `first`, that is not the data set's at its row. */
export async function rowCharge(
  { terms, dataset }: RoundCase,
  faulty: FaultyClaim,
  { index, element, rows, first }: { index: number; element: number; rows: readonly number[]; first: number },
): Promise<Charge> {
  const { type } = faulty.execution.inputs[index];
  const column = index - first;
  const length = elementCount(type) / terms.batch;
  const i = Math.floor(element / length);
  const row = rows[i];
  const width = byteLength(type) / terms.batch;
  const tree = await dataset.opener(column, [{ offset: row * width, length: width }]);
  const siblings = new ListTree(await dataset.columnRoots()).siblings(column);
  const place = { column, i, element: element % length, row };
  const proof = batchFault(faulty, terms.tensors, place, { tree, siblings }, first);
  return charge('batch', faulty.place.leaf, proof, { ...place });
}
