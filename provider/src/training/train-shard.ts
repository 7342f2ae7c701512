import {
  canonicalNaN,
  checkpointRoot,
  commitTensor,
  type Hash,
  rowAt,
  stepOf,
  type Tensor,
  updateCommitment,
} from '@essaim/protocol';
import { Executor, nativeHasher } from '@essaim/runtime';
import { checkpointTypes, type RunHistory, scheduleAt } from '@essaim/sdk';
import { hexlify, randomBytes } from 'ethers';
import { accountOf, act } from '../shop.ts';
import type { RoundPlace, Waypoint } from './round-archive.ts';
import { shardOf } from './shards.ts';
import type { OpenRun, TrainingShop } from './shop.ts';

/** What a trainer chose for a round before it trained it. */
export interface Sealed {
  /** Part of the commitment: without it the update could be guessed. */
  readonly salt: Hash;
  /** Seed of the order of its own rows, which nobody else needs. */
  readonly order: Hash;
}

/** The name that it is kept under. */
export const SEAL_NOTE = 'seal';

/**
 * Trains the current round of a private run on the trainer's own data, from where it was left, and commits to what came
 * of it. Of these steps nothing is shown to anyone, so that they run without traces.
 */
export async function sealRound(
  shop: TrainingShop,
  run: OpenRun,
  { current }: RunHistory,
  seat: number,
  signal?: AbortSignal,
): Promise<void> {
  const { essaim, rounds, say } = shop;
  const { runId, terms } = run;
  const place: RoundPlace = { runId, round: current.round, turn: current.turn, seat };
  const sealed = (await rounds.note<Sealed>(place, SEAL_NOTE)) ?? { salt: random(), order: random() };
  await rounds.keepNote(place, SEAL_NOTE, sealed);
  const types = checkpointTypes(run);
  let from = await rounds.waypoint(place, types, terms.steps).catch(() => null);
  if (!from) {
    from = { step: 0, tensors: await essaim.training.tensors(runId, current.parent, { hasher: nativeHasher, signal }) };
    await rounds.keepWaypoint(place, from);
  }
  const { tensors } = from.step < terms.steps ? await train(shop, run, place, sealed, from, signal) : from;
  signal?.throwIfAborted();
  const self = await accountOf(shop).getAddress();
  const commitment = updateCommitment(runId, place.turn, self, checkpointRoot(tensors), sealed.salt);
  const call = await essaim.contracts.ScoredRounds.commit.populateTransaction(terms, commitment);
  await act(shop, call, `committing to round ${place.round} of run ${runId}`, signal);
  say({ event: 'sealed', runId, round: place.round, seat });
}

const random = (): Hash => hexlify(randomBytes(32));

async function train(
  shop: TrainingShop,
  run: OpenRun,
  place: RoundPlace,
  { order }: Sealed,
  from: Waypoint,
  signal?: AbortSignal,
): Promise<Waypoint> {
  const { rounds, training, say, engines } = shop;
  const { program, onnx, terms, runId } = run;
  const shard = shardOf(shop, run);
  const types = checkpointTypes(run);
  const executor = await Executor.open(program, onnx, { engines: engines && [...engines] });
  let kept = from;
  try {
    let parts = from.tensors.map(({ bytes }) => bytes);
    for (let { step } = from; step < terms.steps; ) {
      signal?.throwIfAborted();
      const rows = Array.from({ length: terms.batch }, (_, i) =>
        rowAt(order, BigInt(step) * BigInt(terms.batch) + BigInt(i), shard.rows),
      );
      const columns = (await shard.gatherBatch(rows)).map(({ bytes }) => bytes);
      const made = await executor.run([...parts, scheduleAt(run, stepOf(terms, place.round, step)), ...columns]);
      parts = program.outputs.slice(0, terms.tensors).map(({ name }) => made[name]);
      step++;
      if (step % training.checkpointEvery !== 0 && step < terms.steps) continue;
      const tensors: Tensor[] = types.map((type, i) => commitTensor(type, canonicalNaN(type, parts[i]), nativeHasher));
      kept = { step, tensors };
      await rounds.keepWaypoint(place, kept);
    }
  } finally {
    await executor.close();
  }
  say({ event: 'trained', runId, round: place.round, seat: place.seat, steps: terms.steps - from.step });
  return kept;
}
