import { chainClaims, EssaimError, type Hash, type Program, runBatchId } from '@essaim/protocol';
import { type KeptClaim, nextCheckpoint, type StepRecord, type Trace } from '@essaim/runtime';
import { checkpointTypes, type SubmittedBatch } from '@essaim/sdk';
import { behind } from '@essaim/sdk/node';
import { zeroPadValue } from 'ethers';
import type { FindSource } from '../answerer.ts';
import { accountOf } from '../shop.ts';
import { aggregationFeeds } from './aggregate-round.ts';
import { openRun } from './open-run.ts';
import type { Waypoint } from './round-archive.ts';
import { SCORE_NOTE } from './score-update.ts';
import type { OpenRun, TrainingShop } from './shop.ts';
import { feedsOf } from './train-round.ts';

/** Finds the run and batch of ours that a batch in Claims is. CHAIN_BEHIND */
export const runSource =
  (shop: TrainingShop): FindSource =>
  async (batchId, client) => {
    const { TrainingRegistry } = shop.essaim.contracts;
    const registry = await TrainingRegistry.getAddress();
    if (client !== registry) return undefined;
    const { provider, deployment, training } = shop.essaim;
    const self = await accountOf(shop).getAddress();
    const { interface: face } = TrainingRegistry;
    const kinds = [face.getEvent('Submitted').topicHash, face.getEvent('Aggregated').topicHash];
    const topics = [kinds, null, zeroPadValue(self, 32)];
    const { startBlock: fromBlock } = deployment;
    const logs = await provider.getLogs({ address: registry, topics, fromBlock });
    for (const runId of new Set(logs.map((log) => log.topics[1]))) {
      const { batches } = await training.history(runId);
      const found = batches.find(({ batch }) => runBatchId(registry, runId, batch) === batchId);
      if (found) return { about: { runId }, recall: (leaf, signal) => recallClaim(shop, runId, found, leaf, signal) };
    }
    throw behind(`batch ${batchId} of a run`);
  };

/** A batch as it is kept: what runs its claims again, from the last checkpoint before one of them. */
interface KeptBatch {
  readonly program: Program;
  readonly onnx: Uint8Array;
  readonly records: readonly StepRecord[];
  readonly from: Waypoint | null;
  readonly feeds: (leaf: number) => Promise<readonly Uint8Array[]>;
}

/** A claim of a submitted batch as it was committed to. TRACE_LOST if this device now computes another. */
async function recallClaim(
  shop: TrainingShop,
  runId: Hash,
  submitted: SubmittedBatch,
  leaf: number,
  signal?: AbortSignal,
): Promise<{ claim: KeptClaim; onnx: Uint8Array }> {
  const { batch, parent } = submitted;
  const run = await openRun(shop, runId, signal);
  const kept = await KEPT[submitted.kind](shop, run, submitted, leaf);
  const { program, onnx, records } = kept;
  if (!kept.from || records.length !== batch.count) throw lost(runId, batch.round);
  const trace = await runTo(shop, run, { ...kept, from: kept.from }, leaf, signal);
  if (trace.traceRoot !== records[leaf].traceRoot || trace.inputsRoot !== records[leaf].inputsRoot)
    throw lost(runId, batch.round);
  const { chainId } = shop.essaim.deployment;
  const registry = await shop.essaim.contracts.TrainingRegistry.getAddress();
  const claims = records.map(({ inputsRoot, traceRoot }) => ({ programId: program.id, inputsRoot, traceRoot }));
  const chained = chainClaims({ chainId, registry, runId }, batch, parent, claims);
  return { claim: { trace, context: chained.claims[leaf].context, batch: chained.batch }, onnx };
}

async function keptSteps(
  { rounds }: TrainingShop,
  run: OpenRun,
  { batch }: SubmittedBatch,
  leaf: number,
): Promise<KeptBatch> {
  const place = { runId: run.runId, round: batch.round, turn: batch.turn, seat: batch.seat };
  const { program, onnx } = run;
  const records = await rounds.records(place);
  const from = await rounds.waypoint(place, checkpointTypes(run), leaf);
  return { program, onnx, records, from, feeds: (step) => feedsOf(run, place, step) };
}

async function keptAggregation(
  { rounds }: TrainingShop,
  run: OpenRun,
  { batch, contributions }: SubmittedBatch,
): Promise<KeptBatch> {
  const place = { runId: run.runId, round: batch.round, turn: batch.turn, nextTurn: batch.nextTurn };
  const types = checkpointTypes(run);
  const from = await rounds.waypoint(place, types, 0);
  const feeds = async (leaf: number) => {
    const update = await rounds.update(place, types, leaf);
    if (!from || !update) throw lost(run.runId, batch.round);
    return aggregationFeeds(from.tensors, update, contributions, leaf);
  };
  return { ...run.aggregation!, records: await rounds.records(place), from, feeds };
}

/** Both claims of a score begin from tensors that are kept, and from no other claim. */
async function keptScore(
  shop: TrainingShop,
  run: OpenRun,
  { batch }: SubmittedBatch,
  leaf: number,
): Promise<KeptBatch> {
  const { round, turn, seat } = batch;
  const place = { runId: run.runId, round, turn, seat };
  const records = (await shop.rounds.note<StepRecord[]>(place, SCORE_NOTE)) ?? [];
  const kept = await shop.rounds.waypoint(place, checkpointTypes(run), leaf === 0 ? 0 : run.terms.steps);
  const { rows } = await shop.essaim.training.scores.at(run.runId, turn);
  const columns = await run.dataset.gatherBatch([...(rows ?? [])]);
  const feeds = async () => columns.map(({ bytes }) => bytes);
  return { ...run.score!, records, from: kept && { step: leaf, tensors: kept.tensors }, feeds };
}

const KEPT = { steps: keptSteps, score: keptScore, aggregation: keptAggregation };

async function runTo(
  { trace }: TrainingShop,
  { terms }: OpenRun,
  { program, onnx, from, feeds }: KeptBatch & { from: Waypoint },
  leaf: number,
  signal?: AbortSignal,
): Promise<Trace> {
  let { tensors } = from;
  for (let step = from.step; ; step++) {
    signal?.throwIfAborted();
    const inputs = [...tensors.map(({ bytes }) => bytes), ...(await feeds(step))];
    const made = await trace(program, onnx, inputs, tensors);
    if (step === leaf) return made;
    tensors = nextCheckpoint(made, terms.tensors);
  }
}

const lost = (runId: Hash, round: number): EssaimError =>
  new EssaimError('TRACE_LOST', `round ${round} of run ${runId} runs differently now than when it was submitted`, {
    help: 'restore the data folder from before; without it this demand cannot be answered',
  });
