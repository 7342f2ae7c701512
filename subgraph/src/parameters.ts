import { Bytes } from '@graphprotocol/graph-ts';
import { Emitted } from '../generated/EmissionReserve/EmissionReserve';
import { Changed, GuardianSet, Paused, Unpaused } from '../generated/ProtocolParameters/ProtocolParameters';
import { Emission, Epoch, Parameter, ParameterChange, Pause } from '../generated/schema';
import { eventId, flowedMiel, protocol } from './protocol';

export function protocolParametersChanged(event: Changed): void {
  const at = event.params;
  const epochId = Bytes.fromI32(at.epoch);
  if (Epoch.load(epochId) == null) {
    const epoch = new Epoch(epochId);
    epoch.number = at.epoch;
    epoch.time = event.block.timestamp;
    epoch.save();
    const sums = protocol();
    sums.epoch = at.epoch;
    sums.save();
  }
  const parameter = new Parameter(at.key);
  parameter.name = shortString(at.key);
  parameter.value = at.value;
  parameter.epoch = at.epoch;
  parameter.save();
  const change = new ParameterChange(eventId(event));
  change.parameter = parameter.id;
  change.epoch = epochId;
  change.before = at.before;
  change.value = at.value;
  change.save();
}

/** The text before the zeros of a bytes32. */
function shortString(key: Bytes): string {
  let length = 0;
  while (length < key.length && key[length] != 0) length++;
  return Bytes.fromUint8Array(key.subarray(0, length)).toString();
}

export function protocolParametersPaused(event: Paused): void {
  const pause = new Pause(eventId(event));
  pause.guardian = event.params.guardian;
  pause.until = event.params.until;
  pause.time = event.block.timestamp;
  pause.save();
  const sums = protocol();
  sums.pausedUntil = event.params.until;
  sums.save();
}

export function protocolParametersUnpaused(event: Unpaused): void {
  const pause = new Pause(eventId(event));
  pause.until = event.block.timestamp;
  pause.time = event.block.timestamp;
  pause.save();
  const sums = protocol();
  sums.pausedUntil = event.block.timestamp;
  sums.save();
}

export function protocolParametersGuardianSet(event: GuardianSet): void {
  const sums = protocol();
  sums.guardian = event.params.guardian;
  sums.save();
}

export function emissionReserveEmitted(event: Emitted): void {
  const emission = new Emission(eventId(event));
  emission.to = event.params.to;
  emission.amount = event.params.amount;
  emission.time = event.block.timestamp;
  emission.save();
  const sums = protocol();
  sums.emitted = sums.emitted.plus(event.params.amount);
  sums.save();
  flowedMiel('Emitted', event.params.amount);
}
