import { EssaimError, type Hash, type Tensor } from '@essaim/protocol';
import { nativeHasher } from '@essaim/runtime';
import type { Desk } from '../case.ts';
import { served } from '../served.ts';
import { openRound, type RoundCase } from './round-case.ts';
import { shownCheckpoint } from './shown-checkpoint.ts';

/** The tensors that a round began from. */
export const parentOf = (desk: Desk, round: RoundCase, signal?: AbortSignal): Promise<readonly Tensor[]> =>
  checkpointOf(desk, round, round.submitted.parent, signal);

/**
 * The tensors of a checkpoint of the run: as they are served, else as the last claim of a batch that ended in it put them
 * out, which its trainer has to show.
 */
export async function checkpointOf(
  desk: Desk,
  { runId, told }: RoundCase,
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
  return shownCheckpoint(desk, await openRound(desk, runId, made, signal), signal);
}
