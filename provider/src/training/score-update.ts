import {
  chainClaims,
  checkpointRoot,
  EssaimError,
  gainOf,
  type RunBatch,
  SCORE_CLAIMS,
  scoreProof,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import { boundaryBytes, recordOf, type StepRecord, type Trace } from '@essaim/runtime';
import { checkpointTypes, type RunHistory, type ScoreReceipt, storeTensors } from '@essaim/sdk';
import { withSample } from '../sample.ts';
import { selfCheck } from '../self-check.ts';
import { accountOf, act } from '../shop.ts';
import type { RoundPlace } from './round-archive.ts';
import type { OpenRun, TrainingShop } from './shop.ts';
import { claimsShown } from './train-round.ts';
import { SEAL_NOTE, type Sealed } from './train-shard.ts';

/** The name that a score's claims are kept under. */
export const SCORE_NOTE = 'score';

/** Scores a round's update on the rows that were drawn, publishes it and shows it. UPDATE_LOST */
export async function scoreUpdate(
  shop: TrainingShop,
  run: OpenRun,
  { current }: RunHistory,
  seat: number,
  rows: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  const { essaim, rounds, say, training } = shop;
  const { runId, terms } = run;
  const { program, onnx } = run.score!;
  const place: RoundPlace = { runId, round: current.round, turn: current.turn, seat };
  const types = checkpointTypes(run);
  const sealed = await rounds.note<Sealed>(place, SEAL_NOTE);
  const kept = await Promise.all([0, terms.steps].map((step) => rounds.waypoint(place, types, step)));
  const [parent, update] = kept;
  if (!sealed || !parent || update?.step !== terms.steps) {
    throw new EssaimError('UPDATE_LOST', `what round ${place.round} of run ${runId} was committed to is not kept`, {
      help: 'restore the data folder from before; without it the round is missed, which costs a share of its lock',
    });
  }
  const columns = (await run.dataset.gatherBatch([...rows])).map(({ bytes }) => bytes);
  const traces: Trace[] = [];
  for (const { tensors } of [parent, update])
    traces.push(await shop.trace(program, onnx, [...tensors.map(({ bytes }) => bytes), ...columns], tensors));
  if (training.selfCheck) selfCheck(await withSample(shop, traces[1], onnx));
  const losses = traces.map(({ values }) => floatOf(values[program.outputs[0].value]!.bytes));
  const records = await Promise.all(
    traces.map(async (made, leaf) => ({
      ...recordOf(made),
      loss: losses[leaf],
      trace: training.publishTraces ? await essaim.storage.put(boundaryBytes(made), { signal }) : null,
    })),
  );
  await rounds.keepNote(place, SCORE_NOTE, records satisfies StepRecord[]);
  const receipt: ScoreReceipt = {
    kind: 'essaim/score/1',
    programId: program.id,
    claims: claimsShown(records),
    losses: new Uint8Array(Float32Array.from(losses).buffer),
    checkpoint: await storeTensors(essaim.storage, update.tensors, signal),
    engine: { runtime: 'onnxruntime' },
  };
  const { digest } = await essaim.storage.putManifest(receipt, { signal });
  signal?.throwIfAborted();
  const batch: RunBatch = {
    ...{ round: place.round, turn: place.turn, nextTurn: 0, seat, trainer: await accountOf(shop).getAddress() },
    ...{ count: SCORE_CLAIMS, checkpoint: checkpointRoot(update.tensors), contributions: ZERO_HASH },
  };
  const { chainId } = essaim.deployment;
  const registry = await essaim.contracts.TrainingRegistry.getAddress();
  const claims = records.map(({ inputsRoot, traceRoot }) => ({ programId: program.id, inputsRoot, traceRoot }));
  const chained = chainClaims({ chainId, registry, runId }, batch, current.parent, claims);
  const proof = scoreProof(
    traces,
    chained.claims.map(({ context }) => context),
  );
  const call = await essaim.contracts.ScoredRounds.score.populateTransaction(
    ...([terms, batch.checkpoint, sealed.salt, toHex(proof), digest] as const),
  );
  await act(shop, call, `scoring round ${place.round} of run ${runId}`, signal);
  const gain = gainOf(losses[0], losses[1]);
  say({ event: 'scored', runId, round: place.round, seat, losses, gain, receipt: digest });
}

const floatOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
