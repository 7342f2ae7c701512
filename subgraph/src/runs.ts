import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts';
import { Round, Run, RunEvent, Seat, Submission } from '../generated/schema';
import {
  Aggregated,
  Closed,
  Created,
  Drawn,
  Dropped,
  Funded,
  Joined,
  Left,
  LocksAdded,
  Repeated,
  Settled,
  Submitted,
  Unlocked,
} from '../generated/TrainingRegistry/TrainingRegistry';
import { agent } from './agents';
import { asset, program } from './assets';
import { eventId, happened, numberId, protocol, ZERO } from './protocol';

const STATES = ['', 'Funding', 'Funded', 'Running', 'Stopped', 'Completed', 'Ended', 'Void'];

/** ITrainingRegistry.Terms: all of one word each. */
const TERMS =
  '(address,address,bytes32,bytes32,uint256,bytes32,bytes32,uint256,uint32,uint32,uint16,uint32,uint16,uint24,uint16,' +
  'uint8,uint96,uint96,uint40,uint24,uint40,bytes32,uint32,uint40,uint40,uint16,uint16,uint16,uint16,uint16,bytes32,' +
  'uint64,bytes32)';

export function trainingRegistryCreated(event: Created): void {
  const terms = ethereum.decode(TERMS, event.params.terms)!.toTuple();
  const run = new Run(event.params.runId);
  run.state = 'Funding';
  run.initiator = agent(terms[0].toAddress()).id;
  run.token = terms[1].toAddress();
  run.program = program(terms[2].toBytes()).id;
  run.aggregationProgram = terms[3].toBytes();
  const base = terms[4].toBigInt();
  if (!base.isZero()) run.baseModel = asset(base).id;
  run.checkpoint = terms[5].toBytes();
  run.dataset = numberId(terms[7].toBigInt());
  run.version = terms[8].toI32();
  run.rows = terms[9].toBigInt();
  run.batchRows = terms[11].toBigInt();
  run.steps = terms[12].toI32();
  run.roundCount = terms[13].toI32();
  run.seatCount = terms[14].toI32();
  run.depth = terms[15].toI32();
  run.feePerStep = terms[16].toBigInt();
  run.aggregationFee = terms[17].toBigInt();
  run.fundingDeadline = terms[18].toBigInt();
  run.roundSeconds = terms[19].toI32();
  run.deadline = terms[20].toBigInt();
  run.collateral = terms[23].toBigInt();
  run.backersShare = terms[25].toI32();
  run.trainersShare = terms[26].toI32();
  run.initiatorShare = terms[27].toI32();
  run.manifest = terms[30].toBytes();
  run.scoreProgram = terms[32].toBytes();
  run.terms = event.params.terms;
  run.backed = ZERO;
  run.settled = 0;
  run.dataPaid = ZERO;
  run.burned = ZERO;
  run.createdAt = event.block.timestamp;
  run.save();
  const sums = protocol();
  sums.runs += 1;
  sums.save();
}

export function trainingRegistryFunded(event: Funded): void {
  const run = Run.load(event.params.runId)!;
  run.state = 'Funded';
  run.drawRound = event.params.round;
  run.save();
}

export function trainingRegistryDrawn(event: Drawn): void {
  const run = Run.load(event.params.runId)!;
  run.state = 'Running';
  run.seed = event.params.seed;
  run.save();
}

/** A trainer of a run: run ‖ trainer. */
export function seatOf(run: Bytes, trainer: Bytes, time: BigInt): Seat {
  const id = run.concat(trainer);
  const kept = Seat.load(id);
  if (kept != null) return kept;
  const made = new Seat(id);
  made.run = run;
  made.trainer = agent(trainer).id;
  made.locks = 0;
  made.submissions = 0;
  made.earned = ZERO;
  made.compensation = ZERO;
  made.sharesClaimed = ZERO;
  made.burned = ZERO;
  made.joinedAt = time;
  return made;
}

export function trainingRegistryJoined(event: Joined): void {
  const at = event.params;
  const seat = seatOf(at.runId, at.trainer, event.block.timestamp);
  seat.seat = at.seat;
  seat.locks = at.locks;
  seat.joinedAt = event.block.timestamp;
  seat.leftAt = null;
  seat.save();
}

export function trainingRegistryLocksAdded(event: LocksAdded): void {
  const seat = seatOf(event.params.runId, event.params.trainer, event.block.timestamp);
  seat.locks += event.params.locks;
  seat.save();
}

export function trainingRegistryLeft(event: Left): void {
  const at = event.params;
  const seat = seatOf(at.runId, at.trainer, event.block.timestamp);
  seat.locks = 0;
  seat.burned = seat.burned.plus(at.burned);
  seat.leftAt = event.block.timestamp;
  seat.save();
}

/** A round by its turn: run ‖ turn. */
export function roundOf(run: Bytes, turn: i32): Round {
  const id = run.concatI32(turn);
  const kept = Round.load(id);
  if (kept != null) return kept;
  const made = new Round(id);
  made.run = run;
  made.turn = turn;
  made.isRepeated = false;
  return made;
}

function submission(
  event: ethereum.Event,
  runId: Bytes,
  trainer: Bytes,
  place: BigInt,
  checkpoint: Bytes,
  receipt: Bytes,
): Submission {
  const row = new Submission(eventId(event));
  const turn = field(place, 24, 24);
  const round = roundOf(runId, turn);
  round.number = field(place, 0, 24);
  round.save();
  row.run = runId;
  row.round = round.id;
  row.trainer = agent(trainer).id;
  row.number = round.number;
  row.turn = turn;
  row.nextTurn = field(place, 48, 24);
  row.seat = field(place, 72, 16);
  row.count = field(place, 88, 32);
  row.checkpoint = checkpoint;
  row.receipt = receipt;
  row.time = event.block.timestamp;
  row.transaction = event.transaction.hash;
  // its batch is what Claims tells of next
  const sums = protocol();
  sums.submitting = row.id;
  sums.save();
  happened('Trained');
  return row;
}

/** Bits of a place, from the least significant. */
function field(place: BigInt, from: u8, bits: u8): i32 {
  return place.rightShift(from).mod(BigInt.fromI32(1).leftShift(bits)).toI32();
}

export function trainingRegistrySubmitted(event: Submitted): void {
  const at = event.params;
  const row = submission(event, at.runId, at.trainer, at.place, at.checkpoint, at.receipt);
  row.isAggregation = false;
  row.save();
  const seat = seatOf(at.runId, at.trainer, event.block.timestamp);
  seat.submissions += 1;
  seat.save();
}

export function trainingRegistryAggregated(event: Aggregated): void {
  const at = event.params;
  const row = submission(event, at.runId, at.trainer, at.place, at.checkpoint, at.receipt);
  row.isAggregation = true;
  row.save();
}

export function trainingRegistrySettled(event: Settled): void {
  const run = Run.load(event.params.runId)!;
  run.settled = event.params.round + 1;
  run.save();
}

export function trainingRegistryRepeated(event: Repeated): void {
  const round = roundOf(event.params.runId, event.params.turn);
  round.number = event.params.round;
  round.isRepeated = true;
  round.save();
}

export function trainingRegistryDropped(event: Dropped): void {
  const at = event.params;
  const row = new RunEvent(eventId(event));
  row.run = at.runId;
  row.kind = 'Dropped';
  row.trainer = agent(at.trainer).id;
  row.round = at.round;
  row.turn = at.turn;
  row.compensation = at.compensation;
  row.time = event.block.timestamp;
  row.save();
}

export function trainingRegistryUnlocked(event: Unlocked): void {
  const at = event.params;
  const row = new RunEvent(eventId(event));
  row.run = at.runId;
  row.kind = 'Unlocked';
  row.trainer = agent(at.trainer).id;
  row.round = at.round;
  row.isDependant = at.dependant;
  row.time = event.block.timestamp;
  row.save();
}

export function trainingRegistryClosed(event: Closed): void {
  const run = Run.load(event.params.runId)!;
  run.state = STATES[event.params.state];
  run.closedAt = event.block.timestamp;
  run.save();
}
