import { checkpointRoot, EssaimError, type Hash, type Tensor } from '@essaim/protocol';
import type { SubmittedBatch } from '@essaim/sdk';
import type { Desk } from '../case.ts';
import { type ClaimView, demandClaim } from '../claims.ts';
import { collect } from '../convict.ts';
import { Unanswered } from '../demand.ts';
import { ClaimedValues } from '../values.ts';
import { openRound, type RoundCase } from './round-case.ts';
import { servedSteps } from './step-views.ts';

/**
 * The tensors that a batch ended in, as its last claim put them out, or of a score took them in, which its trainer has to show on chain where they are
 * not served. CHECKPOINT_MISMATCH, WALLET_BUDGET; `Unanswered` if it is silent.
 */
export async function shownCheckpoint(desk: Desk, round: RoundCase, signal?: AbortSignal): Promise<readonly Tensor[]> {
  const claimed = new ClaimedValues(desk, round, await lastClaim(desk, round, signal));
  if (round.submitted.kind === 'score') return claimedUpdate(claimed, round.terms.tensors, signal);
  const { program } = round.model;
  return Promise.all(
    program.outputs.slice(0, round.terms.tensors).map(async ({ value, name }) => {
      const shown = await claimed.value(value, signal);
      if ('tensor' in shown) return shown.tensor;
      throw new EssaimError('CHECKPOINT_MISMATCH', `output ${name} of the round before is of another type`, {
        help: 'that round is convicted of it; this one is void with it',
      });
    }),
  );
}

async function lastClaim(desk: Desk, round: RoundCase, signal?: AbortSignal): Promise<ClaimView> {
  const found = await servedSteps(desk, round, signal);
  if ('content' in found) return found.content.views[round.batch.count - 1];
  return demandClaim(desk, round, round.batch.count - 1, signal);
}

/**
 * The tensors that a batch of a run ended in, for whoever goes on from them: demanded on chain where they are not served;
 * null where its trainer was silent, and is convicted of that. CHECKPOINT_MISMATCH, WALLET_BUDGET
 */
export async function demandCheckpoint(
  desk: Desk,
  runId: Hash,
  submitted: SubmittedBatch,
  signal?: AbortSignal,
): Promise<readonly Tensor[] | null> {
  const round = await openRound(desk, runId, submitted, signal);
  try {
    const shown = await shownCheckpoint(desk, round, signal);
    if (checkpointRoot(shown) === submitted.batch.checkpoint) return shown;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    await collect(desk, round, signal);
    return null;
  }
  throw new EssaimError('CHECKPOINT_MISMATCH', `a batch of run ${runId} does not end in what it states`, {
    help: 'it is convicted of that; go on from the checkpoint that its round began from',
  });
}

/** The update that a score takes in, as its trainer shows it on chain. */
const claimedUpdate = (claimed: ClaimedValues, tensors: number, signal?: AbortSignal): Promise<Tensor[]> =>
  Promise.all(
    Array.from({ length: tensors }, async (_, index) => {
      const shown = await claimed.input(index, signal);
      if ('tensor' in shown) return shown.tensor;
      throw new EssaimError('CHECKPOINT_MISMATCH', `tensor ${index} of the update is of another type`, {
        help: 'its score is convicted of it; what takes it in is void with it',
      });
    }),
  );
