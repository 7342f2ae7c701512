import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts';
import { Recorded as BlockRecorded } from '../generated/BlockRandomness/BlockRandomness';
import { Recorded as DrandRecorded } from '../generated/DrandRandomness/DrandRandomness';
import { RandomRound } from '../generated/schema';
import { numberId } from './protocol';

export function blockRandomnessRecorded(event: BlockRecorded): void {
  recorded(event, event.params.round, event.params.value);
}

export function drandRandomnessRecorded(event: DrandRecorded): void {
  recorded(event, event.params.round, event.params.value);
}

function recorded(event: ethereum.Event, number: BigInt, value: Bytes): void {
  const round = new RandomRound(event.address.concat(numberId(number)));
  round.source = event.address;
  round.round = number;
  round.value = value;
  round.time = event.block.timestamp;
  round.save();
}
