import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts';
import { Activity, Flow, Protocol } from '../generated/schema';

export const ZERO = BigInt.zero();
export const NOBODY = Bytes.fromHexString('0x0000000000000000000000000000000000000000');
const THE_ONE = Bytes.fromHexString('0x00');

/** The sums of the whole network. */
export function protocol(): Protocol {
  const kept = Protocol.load(THE_ONE);
  if (kept != null) return kept;
  const made = new Protocol(THE_ONE);
  made.jobs = 0;
  made.batches = 0;
  made.rejected = 0;
  made.demands = 0;
  made.audits = 0;
  made.models = 0;
  made.datasets = 0;
  made.runs = 0;
  made.proposals = 0;
  made.staked = ZERO;
  made.slashed = ZERO;
  made.burned = ZERO;
  made.miel = NOBODY;
  made.supply = ZERO;
  made.emitted = ZERO;
  made.feesBurned = ZERO;
  made.grantsReturned = ZERO;
  made.epoch = 0;
  made.pausedUntil = ZERO;
  return made;
}

/** One id for each event: its transaction and its place in the block. */
export function eventId(event: ethereum.Event): Bytes {
  return event.transaction.hash.concatI32(event.logIndex.toI32());
}

/** An asset's or pool's number as 32 bytes, most significant first. */
export function numberId(number: BigInt): Bytes {
  const hex = number.toHexString().slice(2);
  return Bytes.fromHexString('0x' + hex.padStart(64, '0'));
}

/** Notes for the statistics that something happened. */
export function happened(kind: string): void {
  const point = new Activity(1);
  point.kind = kind;
  point.save();
}

/** Notes for the statistics that an amount of a token moved. */
export function flowed(kind: string, token: Bytes, amount: BigInt): void {
  const point = new Flow(1);
  point.kind = kind;
  point.token = token;
  point.amount = amount;
  point.save();
}

/** The same of MIEL. */
export function flowedMiel(kind: string, amount: BigInt): void {
  flowed(kind, protocol().miel, amount);
}
