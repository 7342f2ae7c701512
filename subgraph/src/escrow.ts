import { Bytes } from '@graphprotocol/graph-ts';
import {
  Backed,
  Burned,
  Collected,
  Compensated,
  DataPaid,
  ModelMade,
  Refunded,
  SharesClaimed,
  Withdrawn,
} from '../generated/RunEscrow/RunEscrow';
import { Backing, Collection, Run } from '../generated/schema';
import { agent, earned } from './agents';
import { eventId, flowed, numberId, protocol, ZERO } from './protocol';
import { seatOf } from './runs';

function backing(run: Bytes, backer: Bytes): Backing {
  const id = run.concat(backer);
  const kept = Backing.load(id);
  if (kept != null) return kept;
  const made = new Backing(id);
  made.run = run;
  made.backer = agent(backer).id;
  made.amount = ZERO;
  made.refunded = ZERO;
  made.compensated = ZERO;
  return made;
}

export function runEscrowBacked(event: Backed): void {
  const at = event.params;
  const row = backing(at.runId, at.backer);
  row.amount = row.amount.plus(at.amount);
  row.save();
  const run = Run.load(at.runId)!;
  run.backed = run.backed.plus(at.amount);
  run.save();
  flowed('Backed', run.token, at.amount);
}

export function runEscrowDataPaid(event: DataPaid): void {
  const run = Run.load(event.params.runId)!;
  run.dataPaid = event.params.amount;
  run.save();
}

export function runEscrowModelMade(event: ModelMade): void {
  const run = Run.load(event.params.runId)!;
  run.model = numberId(event.params.model);
  run.save();
}

export function runEscrowWithdrawn(event: Withdrawn): void {
  const at = event.params;
  const seat = seatOf(at.runId, at.trainer, event.block.timestamp);
  seat.earned = seat.earned.plus(at.amount);
  seat.compensation = seat.compensation.plus(at.compensation);
  seat.save();
  const run = Run.load(at.runId)!;
  earned(at.trainer, run.token, at.amount);
  if (!at.compensation.isZero()) earned(at.trainer, protocol().miel, at.compensation);
}

export function runEscrowRefunded(event: Refunded): void {
  const row = backing(event.params.runId, event.params.backer);
  row.refunded = row.refunded.plus(event.params.amount);
  row.save();
}

export function runEscrowBurned(event: Burned): void {
  const run = Run.load(event.params.runId)!;
  run.burned = run.burned.plus(event.params.amount);
  run.save();
}

export function runEscrowCompensated(event: Compensated): void {
  const row = backing(event.params.runId, event.params.backer);
  row.compensated = row.compensated.plus(event.params.amount);
  row.save();
}

export function runEscrowSharesClaimed(event: SharesClaimed): void {
  const at = event.params;
  const seat = seatOf(at.runId, at.account, event.block.timestamp);
  seat.sharesClaimed = seat.sharesClaimed.plus(at.amount);
  seat.save();
}

export function runEscrowCollected(event: Collected): void {
  const at = event.params;
  const collection = new Collection(eventId(event));
  collection.source = event.address;
  collection.token = at.token;
  collection.account = at.account;
  collection.amount = at.amount;
  collection.time = event.block.timestamp;
  collection.save();
}
