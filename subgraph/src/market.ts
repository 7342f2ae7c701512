import { BigInt, Bytes } from '@graphprotocol/graph-ts';
import {
  Accepted,
  Cancelled,
  Collected,
  Exited,
  Paid,
  Posted,
  Refunded,
  RoyaltyCollected,
  Submitted,
  Unlocked,
} from '../generated/JobMarket/JobMarket';
import { Collection, Job } from '../generated/schema';
import { agent, earned } from './agents';
import { program } from './assets';
import { eventId, flowed, happened, NOBODY, numberId, protocol } from './protocol';

const REASONS = ['Late', 'Rejected', 'InputFault'];

export function jobMarketPosted(event: Posted): void {
  const at = event.params;
  const job = new Job(at.jobId);
  job.state = 'Posted';
  job.requester = at.requester;
  if (at.provider != NOBODY) job.wanted = at.provider;
  job.token = at.token;
  job.deadline = at.deadline;
  job.count = at.count.toI32();
  job.salt = at.salt;
  job.fee = at.fee;
  job.royalty = at.royalty;
  job.model = numberId(at.model);
  job.program = program(at.programId).id;
  job.inputsRoot = at.inputsRoot;
  job.inputs = at.inputs;
  job.collateral = at.collateral;
  job.isSealed = at.isSealed;
  job.exits = 0;
  job.postedAt = event.block.timestamp;
  job.transaction = event.transaction.hash;
  job.block = event.block.number;
  job.save();
  const requester = agent(at.requester);
  requester.posted += 1;
  requester.save();
  const sums = protocol();
  sums.jobs += 1;
  sums.save();
  happened('Posted');
}

export function jobMarketAccepted(event: Accepted): void {
  const job = Job.load(event.params.jobId)!;
  const provider = agent(event.params.provider);
  provider.accepted += 1;
  provider.save();
  job.state = 'Accepted';
  job.provider = provider.id;
  job.lock = event.params.lock;
  job.acceptedAt = event.block.timestamp;
  job.save();
  happened('Accepted');
}

export function jobMarketExited(event: Exited): void {
  const job = Job.load(event.params.jobId)!;
  job.state = 'Posted';
  job.provider = null;
  job.lock = null;
  job.acceptedAt = null;
  job.exits += 1;
  job.save();
}

export function jobMarketSubmitted(event: Submitted): void {
  const job = Job.load(event.params.jobId)!;
  job.state = 'Submitted';
  if (job.count == 1) job.traceRoot = event.params.traceRoot;
  job.receipt = event.params.receipt;
  job.submittedAt = event.block.timestamp;
  job.save();
  happened('Submitted');
}

export function jobMarketPaid(event: Paid): void {
  const at = event.params;
  const job = Job.load(at.jobId)!;
  job.state = at.released ? 'Released' : 'Paid';
  job.paid = at.amount;
  job.paidRoyalty = at.royalty;
  job.voided = at.voided;
  job.endedAt = event.block.timestamp;
  job.save();
  const provider = agent(at.provider);
  provider.paid += 1;
  provider.save();
  earned(at.provider, job.token, at.amount);
  happened('Paid');
  flowed('Fee', job.token, at.amount);
  flowed('Royalty', job.token, at.royalty);
}

export function jobMarketUnlocked(event: Unlocked): void {
  const job = Job.load(event.params.jobId)!;
  job.state = 'Unlocked';
  job.save();
}

export function jobMarketCancelled(event: Cancelled): void {
  const job = Job.load(event.params.jobId)!;
  job.state = 'Cancelled';
  job.endedAt = event.block.timestamp;
  job.save();
}

export function jobMarketRefunded(event: Refunded): void {
  const job = Job.load(event.params.jobId)!;
  const reason = event.params.reason;
  job.state = 'Refunded';
  job.refunded = event.params.amount;
  job.burned = event.params.burned;
  job.reason = REASONS[reason];
  job.endedAt = event.block.timestamp;
  job.save();
  const worker = job.provider;
  if (worker !== null && reason == 0) {
    const provider = agent(worker);
    provider.late += 1;
    provider.save();
  }
  happened('Refunded');
  flowed('Refund', job.token, event.params.amount);
}

function collected(id: Bytes, source: Bytes, token: Bytes, account: Bytes, amount: BigInt, time: BigInt): Collection {
  const collection = new Collection(id);
  collection.source = source;
  collection.token = token;
  collection.account = account;
  collection.amount = amount;
  collection.time = time;
  return collection;
}

export function jobMarketCollected(event: Collected): void {
  const at = event.params;
  collected(eventId(event), event.address, at.token, at.account, at.amount, event.block.timestamp).save();
}

export function jobMarketRoyaltyCollected(event: RoyaltyCollected): void {
  const at = event.params;
  const made = collected(eventId(event), event.address, at.token, event.address, at.amount, event.block.timestamp);
  made.model = numberId(at.model);
  made.save();
}
