import { Closed, Displaced, Enrolled, Left, Missed, Weighed } from '../generated/AuditPool/AuditPool';
import { AuditSeat, MissedAudit, SeatWeight } from '../generated/schema';
import { agent } from './agents';
import { happened, numberId, ZERO } from './protocol';

export function auditPoolEnrolled(event: Enrolled): void {
  const at = event.params;
  const auditor = agent(at.auditor);
  const seat = new AuditSeat(numberId(at.seat));
  seat.number = at.seat;
  seat.auditor = auditor.id;
  seat.bond = at.bond;
  seat.weight = ZERO;
  seat.term = ZERO;
  seat.left = null;
  seat.successor = null;
  seat.enrolledAt = event.block.timestamp;
  seat.closedAt = null;
  seat.save();
  auditor.auditSeat = seat.id;
  auditor.save();
}

export function auditPoolWeighed(event: Weighed): void {
  const at = event.params;
  const seat = AuditSeat.load(numberId(at.seat))!;
  seat.weight = at.weight;
  seat.term = at.term;
  seat.save();
  const weight = new SeatWeight(seat.id.concat(numberId(at.term)));
  weight.seat = seat.id;
  weight.term = at.term;
  weight.weight = at.weight;
  weight.save();
}

export function auditPoolLeft(event: Left): void {
  const seat = AuditSeat.load(numberId(event.params.seat))!;
  seat.left = event.params.term;
  seat.save();
}

export function auditPoolDisplaced(event: Displaced): void {
  const seat = AuditSeat.load(numberId(event.params.seat))!;
  seat.successor = agent(event.params.successor).id;
  seat.save();
}

export function auditPoolClosed(event: Closed): void {
  const seat = AuditSeat.load(numberId(event.params.seat))!;
  seat.auditor = null;
  seat.bond = ZERO;
  seat.closedAt = event.block.timestamp;
  seat.save();
  const auditor = agent(event.params.auditor);
  auditor.auditSeat = null;
  auditor.save();
}

export function auditPoolMissed(event: Missed): void {
  const at = event.params;
  const auditor = agent(at.auditor);
  auditor.missed += 1;
  auditor.save();
  const missed = new MissedAudit(at.batchId.concat(numberId(at.index)));
  missed.batch = at.batchId;
  missed.index = at.index.toI32();
  missed.auditor = auditor.id;
  missed.burned = at.burned;
  missed.time = event.block.timestamp;
  missed.transaction = event.transaction.hash;
  missed.save();
  const own = auditor.auditSeat;
  if (own !== null) {
    const seat = AuditSeat.load(own)!;
    seat.bond = seat.bond.minus(at.burned);
    seat.save();
  }
  happened('AuditMissed');
}
