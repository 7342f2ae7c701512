import {
  type Contribution,
  checkpointRoot,
  contributionsDigest,
  type RunBatch,
  runBatchId,
  shareBytes,
  type Tensor,
} from '@essaim/protocol';
import { boundaryBytes, type StepRecord, type Trace, trainRound } from '@essaim/runtime';
import { type AggregationReceipt, ClaimState, type RunHistory, type SubmittedBatch, storeTensors } from '@essaim/sdk';
import { atOneBlock } from '@essaim/sdk/node';
import { withSample } from '../sample.ts';
import { selfCheck } from '../self-check.ts';
import { accountOf, act } from '../shop.ts';
import type { RunWork } from './advance.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { AggregationPlace } from './round-archive.ts';
import { rankOf, stepIn } from './seat-order.ts';
import type { OpenRun, TrainingShop } from './shop.ts';
import { batchRootOf, claimsShown, unlessOvertaken } from './train-round.ts';

/** A seat's batch as an aggregation takes it in, with the tensors that it ends in. */
export interface Update {
  readonly contribution: Contribution;
  readonly tensors: readonly Tensor[];
}

/** What is remembered between two looks at a round. */
type AggregationWork = Pick<RunWork, 'checkpoints' | 'ready'>;

const ascending = (a: number, b: number): number => a - b;

/** Row-major bytes of what a claim of an aggregation takes after the running average. */
export const aggregationFeeds = (
  parent: readonly Tensor[],
  update: readonly Tensor[],
  contributions: readonly Contribution[],
  leaf: number,
): Uint8Array[] => [...[...parent, ...update].map(({ bytes }) => bytes), shareBytes(contributions, leaf)];

/**
 * Makes the next checkpoint of what the seats submitted: when all have, or the round's time is over, and those before this
 * seat in their order left it alone. False while it waits for seats, or for what they ended in.
 */
export async function aggregateRound(
  shop: TrainingShop,
  run: OpenRun,
  history: RunHistory,
  seat: number,
  work: AggregationWork,
  signal?: AbortSignal,
): Promise<boolean> {
  const { nextTurn } = history;
  const late = await isLate(shop, run, history);
  const submitted = await unrejected(shop, run, history);
  if (submitted.length === 0) return false;
  const rank = rankOf(submitted.map(({ batch }) => batch.seat).toSorted(ascending), seat, nextTurn);
  if (submitted.length < run.terms.seats && !late) {
    await secure(shop, run, submitted, rank, work.checkpoints, signal);
    return false;
  }
  if (!isOurTurn(shop, work, rank, nextTurn)) return false;
  const updates = await updatesOf(shop, run, submitted, rank, late, work.checkpoints, signal);
  return updates !== null && makeCheckpoint(shop, run, history, seat, work, updates, signal);
}

/** Whether those before this seat in their order had time to aggregate. */
export function isOurTurn(shop: TrainingShop, work: AggregationWork, rank: number, nextTurn: number): boolean {
  if (work.ready?.nextTurn !== nextTurn) work.ready = { nextTurn, since: performance.now() };
  return performance.now() >= work.ready.since + rank * stepIn(shop.training);
}

/** Makes the next checkpoint of these updates, publishes it and submits it. False while nobody shows what they began from. */
export async function makeCheckpoint(
  shop: TrainingShop,
  run: OpenRun,
  history: RunHistory,
  seat: number,
  work: AggregationWork,
  updates: readonly Update[],
  signal?: AbortSignal,
): Promise<boolean> {
  const { essaim, rounds, say } = shop;
  const { runId } = run;
  const { round, turn, parent: root } = history.current;
  const { nextTurn } = history;
  const parent = await work.checkpoints.parent(shop, run, history, seat, signal);
  if (!parent) return false;
  const place: AggregationPlace = { runId, round, turn, nextTurn };
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
    ...([runId, turn, place.nextTurn, contributions, batch.checkpoint, batchRoot, digest] as const),
  );
  const sent = act(shop, call, `aggregating round ${round} of run ${runId}`, signal);
  if (!(await sent.catch(unlessOvertaken))) say({ event: 'overtaken', runId, round });
  else say({ event: 'aggregated', runId, round, seats: contributions.map(({ seat }) => seat), receipt: digest });
  return true;
}

/** Whether the round goes on without the seats that are missing. */
async function isLate({ essaim }: TrainingShop, { runId, terms }: OpenRun, { current }: RunHistory): Promise<boolean> {
  const [head, { time, turn }] = await atOneBlock(essaim.provider, () =>
    Promise.all([essaim.provider.getBlock('latest'), essaim.contracts.TrainingRegistry.run(runId)]),
  );
  // an endpoint that is behind may tell of the turn before
  return head !== null && turn === BigInt(current.turn) && head.timestamp > Number(time) + terms.roundSeconds;
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

/**
 * Keeps what may not be had any more when the round is whole: nobody can ask about a batch whose window is over, so what
 * waits for a quarter of it is fetched, or demanded, whoever's turn it is.
 */
async function secure(
  shop: TrainingShop,
  run: OpenRun,
  submitted: readonly SubmittedBatch[],
  rank: number,
  checkpoints: Checkpoints,
  signal?: AbortSignal,
): Promise<void> {
  const { Claims, ProtocolParameters, TrainingRegistry } = shop.essaim.contracts;
  const registry = await TrainingRegistry.getAddress();
  const { epoch } = await TrainingRegistry.run(run.runId);
  const [{ windowSeconds }, head] = await Promise.all([
    ProtocolParameters.claimRules(epoch),
    shop.essaim.provider.getBlock('latest'),
  ]);
  for (const each of submitted) {
    const { time } = await Claims.batch(runBatchId(registry, run.runId, each.batch));
    if (head && BigInt(head.timestamp) > time + windowSeconds / 4n)
      await checkpoints.of(shop, run, each, rank, signal, true);
  }
}

/** What the seats submitted, in their order; null while one that has to be taken in is shown by nobody. */
async function updatesOf(
  shop: TrainingShop,
  run: OpenRun,
  batches: readonly SubmittedBatch[],
  rank: number,
  late: boolean,
  checkpoints: Checkpoints,
  signal?: AbortSignal,
): Promise<Update[] | null> {
  const updates: Update[] = [];
  let whole = true;
  for (const submitted of batches.toSorted((a, b) => ascending(a.batch.seat, b.batch.seat))) {
    const { seat, count, trainer, checkpoint } = submitted.batch;
    const tensors = await checkpoints.of(shop, run, submitted, rank, signal);
    if (tensors) updates.push({ contribution: { seat, count, trainer, checkpoint }, tensors });
    else if (!late || !(await isFresh(shop, run, submitted))) whole = false;
  }
  return whole && updates.length > 0 ? updates : null;
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
