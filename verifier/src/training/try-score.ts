import {
  commitTensor,
  EssaimError,
  type Execution,
  type Hash,
  listRoot,
  scoredUpdateFault,
  type Tensor,
  ZERO_HASH,
} from '@essaim/protocol';
import { nativeHasher } from '@essaim/runtime';
import type { Desk } from '../case.ts';
import type { Charge } from '../charge.ts';
import { tryTrace } from '../trial.ts';
import { ClaimedValues } from '../values.ts';
import { checkpointOf, parentOf } from './parent.ts';
import {
  charge,
  contextCharge,
  continuityCharge,
  inputRoots,
  placeOf,
  rowCharge,
  strangeInput,
} from './place-faults.ts';
import type { RoundCase } from './round-case.ts';
import type { Sampling } from './sampling.ts';
import { shellOf } from './shell.ts';
import type { ShownRound, StepView } from './step-views.ts';
import type { Finding } from './try-round.ts';

/**
 * Tries a score, all of it: that its claims are in their places, that the first takes what the round began from and the
 * second the update that was committed to, both on the rows that were drawn, and every number of both.
 */
export async function tryScore(
  desk: Desk,
  round: RoundCase,
  { views }: ShownRound,
  _: Sampling,
  signal?: AbortSignal,
): Promise<Finding> {
  const foreign = contextCharge(desk, round, views);
  if (foreign) return { charge: foreign, steps: 0 };
  const parent = await parentOf(desk, round, signal);
  const rows = await rowsDrawn(desk, round);
  const columns = await columnsOf(round, rows);
  const [before, later] = views;
  const inputs = [
    await inputRoots(desk, round, before, rootsOf([...parent, ...columns]), signal),
    later.inputs ?? (await inputRoots(desk, round, later, unknown(round), signal)),
  ];
  const misplaced =
    continuityCharge(round, views, before, inputs[0], rootsOf(parent), []) ?? updateCharge(round, views, inputs[1]);
  if (misplaced) return { charge: misplaced, steps: 0 };
  const update = await checkpointOf(desk, round, round.submitted.batch.checkpoint, signal);
  let doubtful: Charge | null = null;
  for (const [leaf, tensors] of [parent, update].entries()) {
    signal?.throwIfAborted();
    const honest = [...tensors, ...columns];
    const found = await tryClaim(desk, round, views, leaf, { inputs: inputs[leaf], honest, rows }, signal);
    if (found?.verdict === 'convicted') return { charge: found, steps: leaf + 1 };
    doubtful ??= found;
  }
  return { charge: doubtful, steps: views.length };
}

const rootsOf = (tensors: readonly Tensor[]): Hash[] => tensors.map(({ root }) => root);

/** As many roots as a claim has inputs, which are those of none. */
const unknown = ({ model }: RoundCase): Hash[] => model.program.inputs.map(() => ZERO_HASH);

async function rowsDrawn({ essaim }: Desk, { runId, submitted }: RoundCase): Promise<readonly number[]> {
  const { rows } = await essaim.training.scores.at(runId, submitted.batch.turn);
  if (rows) return rows;
  throw new EssaimError('CHAIN_FAILED', `the rows that run ${runId} is scored on are not on the chain`, {
    help: 'try another endpoint',
  });
}

async function columnsOf({ dataset, model, terms }: RoundCase, rows: readonly number[]): Promise<Tensor[]> {
  const columns = await dataset.gatherBatch([...rows]);
  const types = model.program.inputs.slice(terms.tensors);
  return columns.map(({ bytes }, i) => commitTensor(types[i].type, bytes, nativeHasher));
}

/** The second claim takes in another update than the one that was committed to. */
function updateCharge(round: RoundCase, views: readonly StepView[], inputs: readonly Hash[]): Charge | null {
  const { submitted, terms, model } = round;
  const { checkpoint } = submitted.batch;
  const view = views[1];
  if (listRoot(inputs.slice(0, terms.tensors)) === checkpoint) return null;
  const faulty = { execution: shellOf(model.program, inputs, view), place: placeOf(views, view) };
  return charge('checkpoint', view.leaf, scoredUpdateFault(faulty, terms.tensors), { stated: checkpoint });
}

/** Rows and numbers of one claim. */
async function tryClaim(
  desk: Desk,
  round: RoundCase,
  views: readonly StepView[],
  leaf: number,
  { inputs, honest, rows }: { inputs: readonly Hash[]; honest: readonly Tensor[]; rows: readonly number[] },
  signal?: AbortSignal,
): Promise<Charge | null> {
  const { program, onnx } = round.model;
  const view = views[leaf];
  const { tensors } = round.terms;
  for (let index = tensors; index < honest.length; index++) {
    const found = await strangeInput(desk, round, view, { index, honest: honest[index], root: inputs[index] }, signal);
    if (!found) continue;
    const whole = shellOf(program, inputs, view);
    const execution: Execution = { ...whole, inputs: whole.inputs.with(index, found.tensor) };
    const faulty = { execution, place: placeOf(views, view) };
    return rowCharge(round, faulty, { index, element: found.element, rows, first: tensors });
  }
  const bytes = honest.map((tensor) => tensor.bytes);
  const own = await desk.trace(program, onnx, bytes, honest);
  const claimed = new ClaimedValues(desk, round, view);
  return tryTrace(desk, round, views, view, { own, claimed }, signal);
}
