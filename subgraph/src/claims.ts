import { Accused } from '../generated/Accusations/Accusations';
import {
  Answered,
  Appointed,
  Demanded,
  Expired,
  Extended,
  SegmentShown,
  Settled,
  Withdrawn,
} from '../generated/Availability/Availability';
import { Rejected, Sealed, Submitted, Voided } from '../generated/Claims/Claims';
import { Collected } from '../generated/Penalties/Penalties';
import {
  Accusation,
  Audit,
  Batch,
  Collection,
  Demand,
  Job,
  Penalty,
  ShownSegment,
  Submission,
} from '../generated/schema';
import { agent } from './agents';
import { eventId, happened, NOBODY, protocol } from './protocol';

const KINDS = [
  'Inputs',
  'Weights',
  'Values',
  'Operators',
  'Input',
  'Weight',
  'Value',
  'Operator',
  'Output',
  'Segment',
  'Inner',
];

export function claimsSubmitted(event: Submitted): void {
  const at = event.params;
  const batch = new Batch(at.batchId);
  batch.client = at.client;
  batch.executor = agent(at.executor).id;
  batch.subject = at.subject;
  batch.root = at.root;
  batch.count = at.count.toI32();
  batch.lock = at.lock;
  batch.epoch = at.epoch;
  batch.appointed = [];
  batch.isRejected = false;
  batch.voids = [];
  batch.openDemands = 0;
  batch.submittedAt = event.block.timestamp;
  batch.block = event.block.number;
  batch.transaction = event.transaction.hash;
  const job = Job.load(at.subject);
  if (job != null) {
    batch.job = job.id;
    job.batch = batch.id;
    job.save();
  }
  const sums = protocol();
  const submitting = sums.submitting;
  if (submitting !== null) {
    const submission = Submission.load(submitting)!;
    submission.batch = batch.id;
    submission.save();
    batch.submission = submission.id;
    sums.submitting = null;
  }
  sums.batches += 1;
  sums.save();
  batch.save();
}

export function claimsSealed(event: Sealed): void {
  const batch = Batch.load(event.params.batchId)!;
  batch.asker = event.params.asker;
  batch.save();
}

export function availabilityAppointed(event: Appointed): void {
  const batch = Batch.load(event.params.batchId)!;
  batch.appointed = batch.appointed.concat([event.params.demander]);
  batch.save();
}

export function claimsRejected(event: Rejected): void {
  const batch = Batch.load(event.params.batchId)!;
  const by = event.params.challenger;
  if (by != NOBODY) {
    const challenger = agent(by);
    challenger.challenges += 1;
    challenger.save();
    batch.challenger = challenger.id;
  }
  const executor = agent(batch.executor);
  executor.convictions += 1;
  executor.save();
  batch.isRejected = true;
  batch.adjudicator = event.params.adjudicator;
  batch.rejectedLeaf = event.params.leaf.toI32();
  batch.rejectedAt = event.block.timestamp;
  batch.save();
  const audit = Audit.load(batch.id);
  if (audit != null && audit.state == 'Submitted') {
    audit.state = 'Convicted';
    audit.endedAt = event.block.timestamp;
    audit.save();
  }
  const sums = protocol();
  sums.rejected += 1;
  sums.save();
  happened('Rejected');
}

export function claimsVoided(event: Voided): void {
  const batch = Batch.load(event.params.batchId)!;
  const voids = batch.voids;
  voids.push(event.params.leaf.toI32());
  batch.voids = voids;
  batch.save();
}

export function penaltiesCollected(event: Collected): void {
  const penalty = new Penalty(event.params.batchId);
  penalty.batch = event.params.batchId;
  penalty.amount = event.params.amount;
  penalty.bounty = event.params.bounty;
  penalty.compensation = event.params.compensation;
  penalty.time = event.block.timestamp;
  penalty.save();
}

export function accusationsAccused(event: Accused): void {
  const accusation = new Accusation(event.params.accusation);
  accusation.accuser = event.transaction.from;
  accusation.block = event.block.number;
  accusation.time = event.block.timestamp;
  accusation.save();
}

export function availabilityDemanded(event: Demanded): void {
  const at = event.params;
  const demand = new Demand(at.demandId);
  demand.batch = at.batchId;
  demand.demander = agent(at.demander).id;
  demand.state = 'Open';
  demand.leaf = at.leaf.toI32();
  demand.kind = KINDS[at.kind];
  demand.index = at.index;
  demand.first = at.first;
  demand.count = at.count;
  demand.bond = at.bond;
  demand.fee = at.fee;
  demand.endsAt = at.endsAt;
  demand.endsAtBlock = at.endsAtBlock;
  demand.extensions = 0;
  demand.askedAt = event.block.timestamp;
  demand.save();
  const batch = Batch.load(at.batchId)!;
  batch.openDemands += 1;
  batch.save();
  const sums = protocol();
  sums.demands += 1;
  sums.save();
  happened('Demanded');
}

export function availabilityAnswered(event: Answered): void {
  const demand = Demand.load(event.params.demandId)!;
  demand.state = 'Answered';
  demand.answerer = agent(event.params.answerer).id;
  demand.share = event.params.share;
  demand.answer = event.transaction.hash;
  demand.answeredAt = event.block.timestamp;
  demand.save();
  const batch = Batch.load(event.params.batchId)!;
  batch.openDemands -= 1;
  batch.lastAnswerAt = event.block.timestamp;
  batch.save();
}

export function availabilitySegmentShown(event: SegmentShown): void {
  const at = event.params;
  const leaf = at.leaf.toI32();
  const shown = new ShownSegment(at.batchId.concatI32(leaf).concatI32(at.segment.toI32()));
  shown.batch = at.batchId;
  shown.leaf = leaf;
  shown.segment = at.segment;
  shown.root = at.root;
  shown.time = event.block.timestamp;
  shown.save();
}

export function availabilityExtended(event: Extended): void {
  const demand = Demand.load(event.params.demandId)!;
  demand.extensions = event.params.extensions.toI32();
  demand.endsAt = event.params.endsAt;
  demand.endsAtBlock = event.params.endsAtBlock;
  demand.save();
}

export function availabilityExpired(event: Expired): void {
  const demand = Demand.load(event.params.demandId)!;
  demand.state = 'Expired';
  demand.save();
  const batch = Batch.load(event.params.batchId)!;
  batch.openDemands -= 1;
  batch.save();
}

export function availabilitySettled(event: Settled): void {
  const demand = Demand.load(event.params.demandId)!;
  demand.state = 'Settled';
  demand.share = event.params.toAnswerer;
  demand.toDemander = event.params.toDemander;
  demand.save();
}

export function availabilityWithdrawn(event: Withdrawn): void {
  const collection = new Collection(eventId(event));
  collection.source = event.address;
  collection.account = event.params.account;
  collection.amount = event.params.amount;
  collection.time = event.block.timestamp;
  collection.save();
}
