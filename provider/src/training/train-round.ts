import {
  chainClaims,
  checkpointRoot,
  concat,
  EssaimError,
  fromHex,
  type Hash,
  type Program,
  type RunBatch,
  rowsOf,
  stepOf,
  ZERO_HASH,
} from '@essaim/protocol';
import { boundaryBytes, nextCheckpoint, type StepRecord, type Trace, trainRound } from '@essaim/runtime';
import {
  checkpointTypes,
  type RunHistory,
  type StepReceipt,
  type StepsReceipt,
  scheduleAt,
  storeTensors,
} from '@essaim/sdk';
import { withSample } from '../sample.ts';
import { selfCheck } from '../self-check.ts';
import { accountOf, act } from '../shop.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { RoundPlace, Waypoint } from './round-archive.ts';
import type { OpenRun, TrainingShop } from './shop.ts';

/** A step as the archive keeps it: what was published of it beside its roots. */
export interface KeptStep extends StepRecord {
  readonly trace: string | null;
  /** CIDs of the tensors that it ends in, where they were published. */
  readonly next: readonly string[] | null;
}

/** Row-major bytes of a step's schedule and of its batch, whose rows the seed names. */
export async function feedsOf(run: OpenRun, place: RoundPlace, step: number): Promise<Uint8Array[]> {
  const { terms, seed, dataset } = run;
  const columns = await dataset.gatherBatch(rowsOf(terms, seed, { ...place, step }));
  return [scheduleAt(run, stepOf(terms, place.round, step)), ...columns.map(({ bytes }) => bytes)];
}

/**
 * Trains the current round of a run from where it was left, publishes its receipt and submits it. Waits while nobody
 * shows what the round began from.
 */
export async function produceRound(
  shop: TrainingShop,
  run: OpenRun,
  history: RunHistory,
  seat: number,
  checkpoints: Checkpoints,
  signal?: AbortSignal,
): Promise<void> {
  const { essaim, rounds, say } = shop;
  const { runId, terms } = run;
  const { current } = history;
  const place: RoundPlace = { runId, round: current.round, turn: current.turn, seat };
  const from = await beginning(shop, run, history, place, checkpoints, signal);
  if (!from) return;
  const kept = await train(shop, run, place, from, signal);
  const checkpoint = (await rounds.waypoint(place, checkpointTypes(run), terms.steps))!.tensors;
  const batch: RunBatch = {
    ...{ round: current.round, turn: current.turn, nextTurn: 0, seat, trainer: await accountOf(shop).getAddress() },
    ...{ count: terms.steps, checkpoint: checkpointRoot(checkpoint), contributions: ZERO_HASH },
  };
  const receipt = await publish(shop, run, kept, signal);
  signal?.throwIfAborted();
  const batchRoot = await batchRootOf(shop, run, run.program, batch, current.parent, kept);
  const call = await essaim.contracts.TrainingRegistry.submit.populateTransaction(
    ...([runId, batch.turn, batch.count, batch.checkpoint, batchRoot, receipt] as const),
  );
  const submitted = act(shop, call, `submitting round ${place.round} of run ${runId}`, signal);
  if (!(await submitted.catch(unlessOvertaken))) return say({ event: 'overtaken', runId, round: place.round });
  say({ event: 'committed', runId, round: place.round, seat, loss: kept[kept.length - 1].loss, receipt });
}

/** The list root over a batch's claims, each in its place. */
export async function batchRootOf(
  { essaim }: TrainingShop,
  { runId }: Pick<OpenRun, 'runId'>,
  program: Program,
  batch: RunBatch,
  parent: Hash,
  steps: readonly StepRecord[],
): Promise<Hash> {
  const { chainId } = essaim.deployment;
  const registry = await essaim.contracts.TrainingRegistry.getAddress();
  const claims = steps.map(({ inputsRoot, traceRoot }) => ({ programId: program.id, inputsRoot, traceRoot }));
  return chainClaims({ chainId, registry, runId }, batch, parent, claims).batch.root;
}

/** Where training begins: after the last steps that are kept, or at the checkpoint that the round began from. */
async function beginning(
  shop: TrainingShop,
  run: OpenRun,
  history: RunHistory,
  place: RoundPlace,
  checkpoints: Checkpoints,
  signal?: AbortSignal,
): Promise<Waypoint | null> {
  const { rounds } = shop;
  const types = checkpointTypes(run);
  const done = (await rounds.records(place)).length;
  const kept = await rounds.waypoint(place, types, done).catch(() => null);
  if (kept?.step === done) return kept;
  const tensors = await checkpoints.parent(shop, run, history, place.seat, signal);
  if (!tensors) return null;
  await rounds.keep(place, [], tensors);
  return { step: 0, tensors };
}

/** Runs what is left of a round; every few steps what was done is kept, so that a stop loses no more. */
async function train(
  shop: TrainingShop,
  run: OpenRun,
  place: RoundPlace,
  from: Waypoint,
  signal?: AbortSignal,
): Promise<KeptStep[]> {
  const { essaim, rounds, training, trace, say } = shop;
  const { program, onnx, terms } = run;
  const kept = (await rounds.records(place)).slice(0, from.step) as KeptStep[];
  const sampled = from.step + Math.floor(Math.random() * (terms.steps - from.step));
  const onStep = async (step: number, record: StepRecord, made: Trace) => {
    if (training.selfCheck && step === sampled) selfCheck(await withSample(shop, made, onnx));
    const isWaypoint = (step + 1) % training.checkpointEvery === 0 || step + 1 === terms.steps;
    const tensors = nextCheckpoint(made, terms.tensors);
    kept.push({
      ...record,
      trace: training.publishTraces ? await essaim.storage.put(boundaryBytes(made), { signal }) : null,
      next: isWaypoint ? await storeTensors(essaim.storage, tensors, signal) : null,
    });
    if (isWaypoint) await rounds.keep(place, kept, tensors);
  };
  const feeds = (step: number) => feedsOf(run, place, step);
  if (from.step < terms.steps) {
    const { tensors: checkpoint, step } = from;
    await trainRound({ trace, program, onnx, checkpoint, from: step, steps: terms.steps, feeds, onStep, signal });
    say({ event: 'trained', runId: run.runId, round: place.round, seat: place.seat, steps: terms.steps - step });
  }
  return kept;
}

const OVERTAKEN = ['TrainingRegistry_Turn', 'TrainingRegistry_NextTurn'];

/** The round went on without us, or was taken back. */
export function unlessOvertaken(error: unknown): null {
  if (error instanceof EssaimError && OVERTAKEN.includes(error.code)) return null;
  throw error;
}

const rootsOf = (roots: readonly Hash[]): Uint8Array => concat(roots.map((root) => fromHex(root, 32)));

/** A batch's claims as its receipt shows them. */
export const claimsShown = (kept: readonly (StepRecord & { readonly trace: string | null })[]): StepReceipt[] =>
  kept.map(({ inputsRoot, traceRoot, inputs, values, trace }) => ({
    ...{ inputsRoot, traceRoot, inputs: rootsOf(inputs), values: rootsOf(values), trace },
  }));

async function publish(
  { essaim }: TrainingShop,
  { program }: OpenRun,
  kept: readonly KeptStep[],
  signal?: AbortSignal,
) {
  const losses = new Uint8Array(Float32Array.from(kept, ({ loss }) => loss).buffer);
  const receipt: StepsReceipt = {
    kind: 'essaim/steps/1',
    programId: program.id,
    claims: claimsShown(kept),
    losses,
    checkpoint: [...kept[kept.length - 1].next!],
    checkpoints: kept.flatMap(({ next }, step) =>
      next && step + 1 < kept.length ? [{ step: step + 1, tensors: [...next] }] : [],
    ),
    engine: { runtime: 'onnxruntime' },
  };
  return (await essaim.storage.putManifest(receipt, { signal })).digest;
}
