import { EssaimError, type Tensor } from '@essaim/protocol';
import { nativeHasher } from '@essaim/runtime';
import type { Desk } from '../case.ts';
import { served } from '../served.ts';
import { ClaimedValues } from '../values.ts';
import { openRound, type RoundCase } from './round-case.ts';
import { stepsOf } from './step-views.ts';

/**
 * The tensors that a round began from: as they are served, else as the last step of the round before put them out, which
 * its trainer has to show.
 */
export async function parentOf(desk: Desk, round: RoundCase, signal?: AbortSignal): Promise<readonly Tensor[]> {
  const { runId, submitted, told, parts } = round;
  const { training } = desk.essaim;
  const read = () => training.tensors(runId, submitted.parent, { hasher: nativeHasher, signal });
  const found = await served(desk, read, signal);
  if ('content' in found) return found.content;
  desk.say({ event: 'withheld', ...told, what: `the checkpoint before it: ${found.missing}` });
  const { batches } = await training.history(runId);
  const made = batches.findLast(({ batch }) => batch.checkpoint === submitted.parent);
  if (!made) {
    throw new EssaimError('CHECKPOINT_UNKNOWN', `nobody serves what run ${runId} begins from`, {
      help: 'its initiator has to publish the first checkpoint again',
    });
  }
  const before = await openRound(desk, runId, made, signal);
  const { views } = await stepsOf(desk, before, signal);
  const claimed = new ClaimedValues(desk, before, views[views.length - 1]);
  const { program, terms } = parts;
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
