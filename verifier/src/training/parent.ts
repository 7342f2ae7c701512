import { EssaimError, type Hash, type Tensor } from '@essaim/protocol';
import { nativeHasher } from '@essaim/runtime';
import type { Desk } from '../case.ts';
import { served } from '../served.ts';
import { ClaimedValues } from '../values.ts';
import { openRound, type RoundCase } from './round-case.ts';
import { stepsOf } from './step-views.ts';

/** The tensors that a round began from. */
export const parentOf = (desk: Desk, round: RoundCase, signal?: AbortSignal): Promise<readonly Tensor[]> =>
  checkpointOf(desk, round, round.submitted.parent, signal);

/**
 * The tensors of a checkpoint of the run: as they are served, else as the last claim of a batch that ended in it put them
 * out, which its trainer has to show.
 */
export async function checkpointOf(
  desk: Desk,
  { runId, told, parts: { terms } }: RoundCase,
  root: Hash,
  signal?: AbortSignal,
): Promise<readonly Tensor[]> {
  const { training } = desk.essaim;
  const read = () => training.tensors(runId, root, { hasher: nativeHasher, signal });
  const found = await served(desk, read, signal);
  if ('content' in found) return found.content;
  desk.say({ event: 'withheld', ...told, what: `the checkpoint before it: ${found.missing}` });
  const { batches } = await training.history(runId);
  const made = batches.findLast(({ batch }) => batch.checkpoint === root);
  if (!made) {
    throw new EssaimError('CHECKPOINT_UNKNOWN', `nobody serves what run ${runId} begins from`, {
      help: 'its initiator has to publish the first checkpoint again',
    });
  }
  const before = await openRound(desk, runId, made, signal);
  const { views } = await stepsOf(desk, before, signal);
  const claimed = new ClaimedValues(desk, before, views[views.length - 1]);
  if (made.kind === 'score') return claimedUpdate(claimed, terms.tensors, signal);
  const { program } = before.model;
  return Promise.all(
    program.outputs.slice(0, terms.tensors).map(async ({ value, name }) => {
      const shown = await claimed.value(value, signal);
      if ('tensor' in shown) return shown.tensor;
      throw new EssaimError('CHECKPOINT_MISMATCH', `output ${name} of the round before is of another type`, {
        help: 'that round is convicted of it; this one is void with it',
      });
    }),
  );
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
