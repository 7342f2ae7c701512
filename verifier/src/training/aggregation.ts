import {
  commitTensor,
  contributionProof,
  type Execution,
  type Hash,
  omissionProof,
  runBatchId,
  shareBytes,
  shareFault,
  type Tensor,
  tensorFault,
  ZERO_HASH,
} from '@essaim/protocol';
import { nativeHasher } from '@essaim/runtime';
import { ClaimState } from '@essaim/sdk';
import { atOneBlock, behind } from '@essaim/sdk/node';
import type { Desk } from '../case.ts';
import type { Charge } from '../charge.ts';
import { ClaimedValues } from '../values.ts';
import { checkpointOf, parentOf } from './parent.ts';
import { charge, placeOf } from './place-faults.ts';
import type { RoundCase } from './round-case.ts';
import { shellOf } from './shell.ts';
import type { StepView } from './step-views.ts';

/** An aggregation that lists what nobody submitted, or leaves out what was there for half of a round. */
export const contributionsCharge = (desk: Desk, round: RoundCase): Promise<Charge | null> =>
  atOneBlock(desk.essaim.provider, () => chargeAt(desk, round));

async function chargeAt(desk: Desk, round: RoundCase): Promise<Charge | null> {
  const { Claims, TrainingRegistry } = desk.essaim.contracts;
  const { runId, registry, submitted, terms, batchId } = round;
  const { batch, contributions } = submitted;
  // the chain itself has the scores
  if (terms.scoreProgramId !== ZERO_HASH) return null;
  const { time } = await Claims.batch(batchId);
  if (time === 0n) throw behind(`the aggregation of round ${batch.round} of run ${runId}`);
  const claimed = { ...batch, nextTurn: 0, contributions: ZERO_HASH };
  for (const [index, { seat, count, trainer, checkpoint }] of contributions.entries()) {
    const state = await Claims.state(runBatchId(registry, runId, { ...claimed, seat, count, trainer, checkpoint }));
    const { open } = await TrainingRegistry.trainer(runId, trainer);
    const isDropped = state === ClaimState.Rejected && ((open >> BigInt(batch.turn % 16)) & 1n) === 0n;
    if (state !== ClaimState.None && !isDropped) continue;
    // what was dropped later took the aggregation with it
    if (!(await TrainingRegistry.stands(runId, batch))) continue;
    return {
      ...charge('context', index, contributionProof(index), { contribution: seat, by: trainer }),
      kind: 'contribution',
    };
  }
  for (const other of (await desk.essaim.training.history(runId)).batches) {
    const { seat, count, trainer, checkpoint, turn, round: number } = other.batch;
    if (other.kind !== 'steps' || turn !== batch.turn || number !== batch.round) continue;
    if (contributions.some((contribution) => contribution.trainer === trainer)) continue;
    const left = runBatchId(registry, runId, other.batch);
    const [state, { time: since }] = await Promise.all([Claims.state(left), Claims.batch(left)]);
    const stands = state === ClaimState.Pending || state === ClaimState.Final;
    if (!stands || time <= since + BigInt(Math.floor(terms.roundSeconds / 2))) continue;
    const proof = omissionProof({ seat, count, trainer, checkpoint });
    return { ...charge('context', 0, proof, { contribution: seat, by: trainer }), kind: 'omission' };
  }
  return null;
}

const parents = new WeakMap<RoundCase, Promise<readonly Tensor[]>>();

/** What a claim of an aggregation takes after the running average: the round's beginning, an update, and its share. */
export async function aggregationFeeds(
  desk: Desk,
  round: RoundCase,
  leaf: number,
  signal?: AbortSignal,
): Promise<Tensor[]> {
  const { contributions } = round.submitted;
  const parent = parents.get(round) ?? parentOf(desk, round, signal);
  parents.set(round, parent);
  parent.catch(() => parents.delete(round));
  const update = await checkpointOf(desk, round, contributions[leaf].checkpoint, signal);
  const { type } = round.model.program.inputs[3 * round.terms.tensors];
  const share = commitTensor(type, shareBytes(contributions, leaf), nativeHasher);
  return [...(await parent), ...update, share];
}

/** Base, update or share of a claim of an aggregation that are not the round's. */
export async function takenCharge(
  desk: Desk,
  round: RoundCase,
  views: readonly StepView[],
  view: StepView,
  inputs: readonly Hash[],
  honest: readonly Tensor[],
  signal?: AbortSignal,
): Promise<Charge | null> {
  const { program } = round.model;
  const { tensors } = round.terms;
  const index = honest.findIndex(({ root }, i) => i >= tensors && root !== inputs[i]);
  if (index < 0) return null;
  const whole = shellOf(program, inputs, view);
  const place = placeOf(views, view);
  if (index < 3 * tensors) {
    const group = index < 2 * tensors ? 1 : 2;
    const expected = honest.slice(group * tensors, (group + 1) * tensors).map(({ root }) => root);
    const proof = tensorFault({ execution: whole, place }, index % tensors, group, expected);
    return charge(group === 1 ? 'base' : 'update', view.leaf, proof, { tensor: program.inputs[index].name });
  }
  const shown = await new ClaimedValues(desk, round, view).input(index, signal);
  // an input of another type has no answer that Availability takes
  if (!('tensor' in shown)) return null;
  const execution: Execution = { ...whole, inputs: whole.inputs.with(index, shown.tensor) };
  const [claimed, due] = [shown.tensor, honest[index]].map(({ bytes }) =>
    new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true),
  );
  return charge('share', view.leaf, shareFault({ execution, place }, tensors), { claimed, due });
}
