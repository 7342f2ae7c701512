import { listRoot, type Tensor } from '@essaim/protocol';
import { nativeHasher, type Trace } from '@essaim/runtime';
import { checkpointTypes, fetchCheckpoint } from '@essaim/sdk';
import type { Desk } from '../case.ts';
import type { Charge } from '../charge.ts';
import { served } from '../served.ts';
import { tryTrace } from '../trial.ts';
import { ClaimedValues } from '../values.ts';
import { aggregationFeeds, contributionsCharge, takenCharge } from './aggregation.ts';
import { stepFeeds } from './feeds.ts';
import { parentOf } from './parent.ts';
import { checkpointCharge, contextCharge, continuityCharge, feedsCharge, inputRoots } from './place-faults.ts';
import type { RoundCase } from './round-case.ts';
import { type Sampling, sampleOf } from './sampling.ts';
import { outputRoots, type ShownRound, type StepView } from './step-views.ts';

/** An aggregation is as short as a run has seats: all of it is tried. */
const ALL: Sampling = { all: true, steps: 0 };

/** What a round is charged with, or null; and how many of its steps were run again. */
export interface Finding {
  readonly charge: Charge | null;
  readonly steps: number;
}

/**
 * Tries a round: that its claims are in their places, that each step takes what the one before it gave, that the last one
 * ends where the batch says, and of the sampled steps rows, schedule and every number, by running them again from the
 * last checkpoint that is served before them.
 */
export async function tryRound(
  desk: Desk,
  round: RoundCase,
  shown: ShownRound,
  sampling: Sampling,
  signal?: AbortSignal,
): Promise<Finding> {
  const { views } = shown;
  const isAggregation = round.submitted.kind === 'aggregation';
  const taken = isAggregation ? await contributionsCharge(desk, round) : null;
  if (taken) return { charge: taken, steps: 0 };
  const foreign = contextCharge(desk, round, views);
  if (foreign) return { charge: foreign, steps: 0 };
  const parent = await parentOf(desk, round, signal);
  const misplaced = await tryPlaces(desk, round, views, parent, signal);
  if (misplaced) return { charge: misplaced, steps: 0 };
  const chosen = sampleOf(`${round.batchId} ${round.batch.root}`, views.length, isAggregation ? ALL : sampling);
  let tensors: readonly Tensor[] = parent;
  let steps = 0;
  let next = 0;
  let doubtful: Charge | null = null;
  for (const target of chosen) {
    const waypoint = await waypointBefore(desk, round, shown, target, next, signal);
    if (waypoint) [tensors, next] = [waypoint.tensors, waypoint.step];
    for (; next <= target; next++) {
      signal?.throwIfAborted();
      const found = await tryStep(desk, round, views, views[next], tensors, signal);
      steps++;
      if (found.charge?.verdict === 'convicted') return { charge: found.charge, steps };
      doubtful ??= found.charge;
      if (next + 1 < views.length) tensors = await claimedNext(desk, round, views[next], found.own, signal);
    }
  }
  return { charge: doubtful, steps };
}

/** What a claim takes beside the tensors that it continues. */
const feedsOf = (desk: Desk, round: RoundCase, leaf: number, signal?: AbortSignal): Promise<Tensor[]> =>
  round.submitted.kind === 'steps' ? stepFeeds(round, leaf, signal) : aggregationFeeds(desk, round, leaf, signal);

/** Continuity of all steps and the checkpoint, by roots alone. */
async function tryPlaces(
  desk: Desk,
  round: RoundCase,
  views: readonly StepView[],
  parent: readonly Tensor[],
  signal?: AbortSignal,
): Promise<Charge | null> {
  const roots = parent.map(({ root }) => root);
  const known = [];
  for (const view of views) {
    const inputs =
      view.inputs ??
      (await inputRoots(desk, round, view, await expectedRoots(desk, round, views, view, roots, signal), signal));
    const charge = continuityCharge(round, views, view, inputs, roots, known[known.length - 1] ?? []);
    if (charge) return charge;
    known.push(inputs);
  }
  return checkpointCharge(round, views, known[known.length - 1]);
}

async function expectedRoots(
  desk: Desk,
  round: RoundCase,
  views: readonly StepView[],
  { leaf }: StepView,
  parent: readonly string[],
  signal?: AbortSignal,
) {
  const tensors = leaf === 0 ? parent : outputRoots(round, views[leaf - 1]);
  return [...tensors, ...(await feedsOf(desk, round, leaf, signal)).map(({ root }) => root)];
}

/** The last served checkpoint after `from` and at or before a step, if it is the one that was claimed. */
async function waypointBefore(
  desk: Desk,
  round: RoundCase,
  { views, checkpoints }: ShownRound,
  target: number,
  from: number,
  signal?: AbortSignal,
): Promise<{ step: number; tensors: readonly Tensor[] } | null> {
  const near = checkpoints.findLast(({ step }) => step <= target && step > from && step < views.length);
  if (!near) return null;
  const root = listRoot(outputRoots(round, views[near.step - 1]));
  const { storage } = desk.essaim;
  const types = checkpointTypes(round.parts);
  const read = () => fetchCheckpoint(storage, types, near.tensors, root, { hasher: nativeHasher, signal });
  const found = await served({ ...desk, patience: 0 }, read, signal);
  return 'content' in found ? { step: near.step, tensors: found.content } : null;
}

/** One step: its rows and schedule, and its numbers against one's own run of it. */
async function tryStep(
  desk: Desk,
  round: RoundCase,
  views: readonly StepView[],
  view: StepView,
  tensors: readonly Tensor[],
  signal?: AbortSignal,
): Promise<{ charge: Charge | null; own: Trace }> {
  const { program, onnx } = round.model;
  const honest = [...tensors, ...(await feedsOf(desk, round, view.leaf, signal))];
  const expected = honest.map(({ root }) => root);
  const inputs = await inputRoots(desk, round, view, expected, signal);
  const own = await desk.trace(
    program,
    onnx,
    honest.map(({ bytes }) => bytes),
    honest,
  );
  const chargeOf = round.submitted.kind === 'steps' ? feedsCharge : takenCharge;
  const strange = await chargeOf(desk, round, views, view, inputs, honest, signal);
  if (strange) return { charge: strange, own };
  if (own.traceRoot === view.shown.traceRoot) return { charge: null, own };
  const claimed = new ClaimedValues(desk, round, view);
  return { charge: await tryTrace(desk, round, views, view, { own, claimed }, signal), own };
}

/** What a step ended in as it was claimed: one's own tensors where their roots are equal. */
async function claimedNext(
  desk: Desk,
  round: RoundCase,
  view: StepView,
  own: Trace,
  signal?: AbortSignal,
): Promise<Tensor[]> {
  const claimed = new ClaimedValues(desk, round, view);
  const { terms } = round;
  const { program } = round.model;
  return Promise.all(
    program.outputs.slice(0, terms.tensors).map(async ({ value }) => {
      const mine = own.values[value]!;
      if (mine.root === view.roots[value]) return mine;
      const shown = await claimed.value(value, signal);
      return 'tensor' in shown ? shown.tensor : mine;
    }),
  );
}
