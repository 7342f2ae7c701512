import {
  type Contribution,
  checkpointRoot,
  contributionsDigest,
  type RunBatch,
  runBatchId,
  shareBytes,
  type Tensor,
} from '@essaim/protocol';
import { boundaryBytes, nativeHasher, type StepRecord, type Trace, trainRound } from '@essaim/runtime';
import { type AggregationReceipt, ClaimState, type RunHistory, type SubmittedBatch, storeTensors } from '@essaim/sdk';
import { describeFailure } from '@essaim/sdk/node';
import { withSample } from '../sample.ts';
import { selfCheck } from '../self-check.ts';
import { accountOf, act } from '../shop.ts';
import type { AggregationPlace } from './round-archive.ts';
import type { OpenRun, TrainingShop } from './shop.ts';
import { batchRootOf, claimsShown, unlessOvertaken } from './train-round.ts';

/** A seat's batch as an aggregation takes it in, with the tensors that it ends in. */
export interface Update {
  readonly contribution: Contribution;
  readonly tensors: readonly Tensor[];
}

/** Row-major bytes of what a claim of an aggregation takes after the running average. */
export const aggregationFeeds = (
  parent: readonly Tensor[],
  update: readonly Tensor[],
  contributions: readonly Contribution[],
  leaf: number,
): Uint8Array[] => [...[...parent, ...update].map(({ bytes }) => bytes), shareBytes(contributions, leaf)];

/**
 * Makes the next checkpoint of what the seats submitted: when all have, or the round's time is over. False while it
 * waits for seats, or for what they ended in; `unshown` are the seats that were told of.
 */
export async function aggregateRound(
  shop: TrainingShop,
  run: OpenRun,
  history: RunHistory,
  unshown: Set<string>,
  signal?: AbortSignal,
): Promise<boolean> {
  const late = await isLate(shop, run);
  const submitted = await unrejected(shop, run, history);
  if (submitted.length === 0 || (submitted.length < run.terms.seats && !late)) return false;
  const updates = await updatesOf(shop, run, history, submitted, late, unshown, signal);
  if (!updates) return false;
  await makeCheckpoint(shop, run, history, updates, signal);
  return true;
}

/** Makes the next checkpoint of these updates, publishes it and submits it. */
export async function makeCheckpoint(
  shop: TrainingShop,
  run: OpenRun,
  history: RunHistory,
  updates: readonly Update[],
  signal?: AbortSignal,
): Promise<void> {
  const { essaim, rounds, say } = shop;
  const { runId } = run;
  const { round, turn, parent: root } = history.current;
  const place: AggregationPlace = { runId, round, turn, nextTurn: history.nextTurn };
  const parent = await essaim.training.tensors(runId, root, { hasher: nativeHasher, signal });
  await rounds.keep(place, [], parent);
  for (const [i, { tensors }] of updates.entries()) await rounds.keepUpdate(place, i, tensors);
  const contributions = updates.map(({ contribution }) => contribution);
  const { kept, checkpoint } = await average(shop, run, parent, updates, signal);
  await rounds.keep(place, kept, checkpoint);
  const batch: RunBatch = {
    ...{ round, turn, nextTurn: place.nextTurn, seat: 0, trainer: await accountOf(shop).getAddress() },
    ...{ count: updates.length, checkpoint: checkpointRoot(checkpoint) },
    contributions: contributionsDigest(contributions),
  };
  const { program } = run.aggregation!;
  const receipt: AggregationReceipt = {
    kind: 'essaim/aggregation/1',
    programId: program.id,
    claims: claimsShown(kept),
    checkpoint: await storeTensors(essaim.storage, checkpoint, signal),
    engine: { runtime: 'onnxruntime' },
  };
  const { digest } = await essaim.storage.putManifest(receipt, { signal });
  signal?.throwIfAborted();
  const batchRoot = await batchRootOf(shop, run, program, batch, root, kept);
  const call = await essaim.contracts.TrainingRegistry.aggregate.populateTransaction(
    ...([runId, turn, contributions, batch.checkpoint, batchRoot, digest] as const),
  );
  const sent = act(shop, call, `aggregating round ${round} of run ${runId}`, signal);
  if (!(await sent.catch(unlessOvertaken))) say({ event: 'overtaken', runId, round });
  else say({ event: 'aggregated', runId, round, seats: contributions.map(({ seat }) => seat), receipt: digest });
}

/** Whether the round goes on without the seats that are missing. */
async function isLate({ essaim }: TrainingShop, { runId, terms }: OpenRun): Promise<boolean> {
  const [head, { time }] = await Promise.all([
    essaim.provider.getBlock('latest'),
    essaim.contracts.TrainingRegistry.run(runId),
  ]);
  return head !== null && head.timestamp > Number(time) + terms.roundSeconds;
}

/** What the seats submitted for the current round, less what is rejected and about to be dropped. */
async function unrejected({ essaim }: TrainingShop, { runId }: OpenRun, { current }: RunHistory) {
  const { Claims, TrainingRegistry } = essaim.contracts;
  const registry = await TrainingRegistry.getAddress();
  const states = await Promise.all(
    current.submitted.map(({ batch }) => Claims.state(runBatchId(registry, runId, batch))),
  );
  return current.submitted.filter((_, i) => states[i] !== ClaimState.Rejected);
}

/** What the seats submitted, in their order; null while one that has to be taken in is served by nobody. */
export async function updatesOf(
  shop: TrainingShop,
  run: OpenRun,
  { current }: RunHistory,
  batches: readonly SubmittedBatch[],
  late: boolean,
  unshown: Set<string>,
  signal?: AbortSignal,
): Promise<Update[] | null> {
  const { essaim, say } = shop;
  const { runId } = run;
  const updates: Update[] = [];
  for (const submitted of batches.toSorted((a, b) => a.batch.seat - b.batch.seat)) {
    const { seat, count, trainer, checkpoint } = submitted.batch;
    try {
      const tensors = await essaim.training.tensors(runId, checkpoint, { hasher: nativeHasher, signal });
      updates.push({ contribution: { seat, count, trainer, checkpoint }, tensors });
    } catch (error) {
      signal?.throwIfAborted();
      const key = `${current.turn}-${trainer}`;
      if (!unshown.has(key)) say({ event: 'unshown', runId, round: current.round, seat, ...describeFailure(error) });
      unshown.add(key);
      if (!late || !(await isFresh(shop, run, submitted))) return null;
    }
  }
  return updates.length > 0 ? updates : null;
}

/** Whether a batch came so late that leaving it out is no fault: that holds for half of a round. */
async function isFresh({ essaim }: TrainingShop, { runId, terms }: OpenRun, { batch }: SubmittedBatch) {
  const { Claims, TrainingRegistry } = essaim.contracts;
  const id = runBatchId(await TrainingRegistry.getAddress(), runId, batch);
  const [{ time }, head] = await Promise.all([Claims.batch(id), essaim.provider.getBlock('latest')]);
  // the other quarter is for the transaction to be included
  return head !== null && head.timestamp < Number(time) + terms.roundSeconds / 4;
}

type KeptClaim = StepRecord & { readonly trace: string | null };

/** Takes in one update after the other, each as a claim. */
async function average(
  shop: TrainingShop,
  run: OpenRun,
  parent: readonly Tensor[],
  updates: readonly Update[],
  signal?: AbortSignal,
): Promise<{ kept: KeptClaim[]; checkpoint: readonly Tensor[] }> {
  const { essaim, training, trace } = shop;
  const { program, onnx } = run.aggregation!;
  const contributions = updates.map(({ contribution }) => contribution);
  const sampled = Math.floor(Math.random() * updates.length);
  const kept: KeptClaim[] = [];
  const onStep = async (leaf: number, record: StepRecord, made: Trace) => {
    if (training.selfCheck && leaf === sampled) selfCheck(await withSample(shop, made, onnx));
    const served = training.publishTraces ? await essaim.storage.put(boundaryBytes(made), { signal }) : null;
    kept.push({ ...record, trace: served });
  };
  const feeds = async (leaf: number) => aggregationFeeds(parent, updates[leaf].tensors, contributions, leaf);
  const steps = updates.length;
  const { checkpoint } = await trainRound({ trace, program, onnx, checkpoint: parent, steps, feeds, onStep, signal });
  return { kept, checkpoint };
}
