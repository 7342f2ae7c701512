import { chainClaims, EssaimError, type Hash, runBatchId, runIdOf } from '@essaim/protocol';
import { nextCheckpoint, type Trace } from '@essaim/runtime';
import { checkpointTypes, type SubmittedBatch } from '@essaim/sdk';
import type { KeptClaim } from '../answer.ts';
import type { FindSource } from '../answerer.ts';
import { accountOf } from '../shop.ts';
import { openRun } from './open-run.ts';
import type { OpenRun, TrainingShop } from './shop.ts';
import { feedsOf } from './train-round.ts';

/** Finds the run and batch of steps of ours that a batch in Claims is. */
export const runSource =
  (shop: TrainingShop): FindSource =>
  async (batchId, client) => {
    const { TrainingRegistry } = shop.essaim.contracts;
    const registry = await TrainingRegistry.getAddress();
    if (client !== registry) return undefined;
    const { provider, deployment, training } = shop.essaim;
    const self = await accountOf(shop).getAddress();
    const topics = await TrainingRegistry.filters.Submitted(undefined, self).getTopicFilter();
    const { startBlock: fromBlock } = deployment;
    const logs = await provider.getLogs({ address: registry, topics, fromBlock });
    for (const runId of new Set(logs.map((log) => log.topics[1]))) {
      const { batches } = await training.history(runId);
      const found = batches.find(({ batch }) => runBatchId(registry, runId, batch) === batchId);
      if (found) return { about: { runId }, recall: (leaf, signal) => recallStep(shop, runId, found, leaf, signal) };
    }
    return undefined;
  };

/**
 * A step of a submitted round as it was committed to: run again from the last checkpoint kept before it. TRACE_LOST if
 * this device now computes another.
 */
async function recallStep(
  shop: TrainingShop,
  runId: Hash,
  { batch, parent }: SubmittedBatch,
  leaf: number,
  signal?: AbortSignal,
): Promise<{ claim: KeptClaim; onnx: Uint8Array }> {
  const { essaim, rounds } = shop;
  const run = await openRun(shop, runId, signal);
  const place = { runId: runIdOf(run.terms), round: batch.round, turn: batch.turn, seat: batch.seat };
  const records = await rounds.records(place);
  const from = await rounds.waypoint(place, checkpointTypes(run), leaf);
  if (!from || records.length !== batch.count) throw lost(runId, batch.round);
  const trace = await runTo(shop, run, place, from, leaf, signal);
  if (trace.traceRoot !== records[leaf].traceRoot || trace.inputsRoot !== records[leaf].inputsRoot)
    throw lost(runId, batch.round);
  const { chainId } = essaim.deployment;
  const registry = await essaim.contracts.TrainingRegistry.getAddress();
  const claims = records.map(({ inputsRoot, traceRoot }) => ({ programId: run.program.id, inputsRoot, traceRoot }));
  const chained = chainClaims({ chainId, registry, runId }, batch, parent, claims);
  return { claim: { trace, context: chained.claims[leaf].context, batch: chained.batch }, onnx: run.onnx };
}

async function runTo(
  { trace }: TrainingShop,
  run: OpenRun,
  place: Parameters<typeof feedsOf>[1],
  from: NonNullable<Awaited<ReturnType<TrainingShop['rounds']['waypoint']>>>,
  leaf: number,
  signal?: AbortSignal,
): Promise<Trace> {
  const { program, onnx, terms } = run;
  let { tensors } = from;
  for (let step = from.step; ; step++) {
    signal?.throwIfAborted();
    const inputs = [...tensors.map(({ bytes }) => bytes), ...(await feedsOf(run, place, step))];
    const made = await trace(program, onnx, inputs, tensors);
    if (step === leaf) return made;
    tensors = nextCheckpoint(made, terms.tensors);
  }
}

const lost = (runId: Hash, round: number): EssaimError =>
  new EssaimError('TRACE_LOST', `round ${round} of run ${runId} runs differently now than when it was submitted`, {
    help: 'restore the data folder from before; without it this demand cannot be answered',
  });
