import { Audited, Collected, PlantReturned, Settled, Shown, Struck } from '../generated/AuditPool/AuditPool';
import { Audit, Collection, PlantReturn, ShownFault } from '../generated/schema';
import { agent, earned } from './agents';
import { eventId, flowed, happened, numberId, protocol } from './protocol';

export function auditPoolAudited(event: Audited): void {
  const at = event.params;
  const audit = new Audit(at.auditBatchId);
  audit.batch = at.batchId;
  audit.claim = at.auditBatchId;
  audit.auditor = agent(at.auditor).id;
  audit.state = 'Submitted';
  audit.index = at.index.toI32();
  audit.leaf = at.leaf.toI32();
  audit.seat = numberId(at.seat);
  audit.number = at.number;
  audit.audits = at.audits.toI32();
  audit.odds = at.odds;
  audit.passed = at.passed;
  audit.segment = at.segment;
  audit.inputsRoot = at.inputsRoot;
  audit.traceRoot = at.traceRoot;
  audit.innerRoot = at.innerRoot;
  audit.submittedAt = event.block.timestamp;
  audit.block = event.block.number;
  audit.transaction = event.transaction.hash;
  audit.save();
  const sums = protocol();
  sums.audits += 1;
  sums.save();
  happened('Audited');
}

export function auditPoolSettled(event: Settled): void {
  const at = event.params;
  const audit = Audit.load(at.auditBatchId)!;
  audit.state = 'Settled';
  audit.token = at.token;
  audit.pay = at.pay;
  audit.endedAt = event.block.timestamp;
  audit.save();
  earned(at.auditor, at.token, at.pay);
  flowed('AuditPay', at.token, at.pay);
}

export function auditPoolStruck(event: Struck): void {
  const audit = Audit.load(event.params.auditBatchId)!;
  audit.state = 'Struck';
  audit.endedAt = event.block.timestamp;
  audit.save();
}

export function auditPoolShown(event: Shown): void {
  const at = event.params;
  const shown = new ShownFault(at.batchId.concat(numberId(at.leaf)));
  shown.batch = at.batchId;
  shown.leaf = at.leaf.toI32();
  shown.time = event.block.timestamp;
  shown.transaction = event.transaction.hash;
  shown.save();
}

export function auditPoolPlantReturned(event: PlantReturned): void {
  const at = event.params;
  const plant = new PlantReturn(at.batchId);
  plant.batch = at.batchId;
  plant.requester = agent(at.requester).id;
  plant.token = at.token;
  plant.amount = at.amount;
  plant.time = event.block.timestamp;
  plant.save();
}

export function auditPoolCollected(event: Collected): void {
  const collection = new Collection(eventId(event));
  collection.source = event.address;
  collection.token = event.params.token;
  collection.account = event.params.account;
  collection.amount = event.params.amount;
  collection.time = event.block.timestamp;
  collection.save();
}
