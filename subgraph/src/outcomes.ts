import { Linked, Recorded, Unlinked } from '../generated/Outcomes/Outcomes';
import { Batch, Outcome } from '../generated/schema';
import { agent } from './agents';
import { identity } from './identities';

const KINDS = ['', 'Paid', 'Stood', 'Late', 'Rejected', 'Void'];

export function outcomesLinked(event: Linked): void {
  const account = agent(event.params.account);
  account.identity = identity(event.params.agentId).id;
  account.save();
}

export function outcomesUnlinked(event: Unlinked): void {
  const account = agent(event.params.account);
  account.identity = null;
  account.save();
}

export function outcomesRecorded(event: Recorded): void {
  const at = event.params;
  const kind = KINDS[at.outcome];
  const row = identity(at.agentId);
  if (kind == 'Paid') row.paid += 1;
  else if (kind == 'Stood') row.stood += 1;
  else if (kind == 'Late') row.late += 1;
  else if (kind == 'Rejected') row.rejected += 1;
  else row.voided += 1;
  row.save();
  const outcome = new Outcome(at.batchId);
  outcome.identity = row.id;
  outcome.account = agent(at.account).id;
  outcome.kind = kind;
  outcome.share = at.share;
  // what came late has none
  if (Batch.load(at.batchId) != null) outcome.batch = at.batchId;
  outcome.time = event.block.timestamp;
  outcome.transaction = event.transaction.hash;
  outcome.save();
}
