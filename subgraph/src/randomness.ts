import { Recorded } from '../generated/BlockRandomness/BlockRandomness';
import { RandomRound } from '../generated/schema';
import { numberId } from './protocol';

export function blockRandomnessRecorded(event: Recorded): void {
  const at = event.params;
  const round = new RandomRound(event.address.concat(numberId(at.round)));
  round.source = event.address;
  round.round = at.round;
  round.value = at.value;
  round.time = event.block.timestamp;
  round.save();
}
