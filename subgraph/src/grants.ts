import { BigInt, Bytes } from '@graphprotocol/graph-ts';
import { Offered, Returned, Taken } from '../generated/BootstrapGrants/BootstrapGrants';
import { Grant } from '../generated/schema';
import { agent } from './agents';
import { NOBODY, protocol } from './protocol';

export function bootstrapGrantsOffered(event: Offered): void {
  const at = event.params;
  const grant = new Grant(at.grantee);
  grant.grantee = agent(at.grantee).id;
  grant.amount = at.amount;
  grant.until = at.until;
  grant.state = 'Offered';
  grant.offeredAt = event.block.timestamp;
  grant.save();
}

export function bootstrapGrantsTaken(event: Taken): void {
  end(event.params.grantee, 'Taken', event.block.timestamp);
}

export function bootstrapGrantsReturned(event: Returned): void {
  const at = event.params;
  const sums = protocol();
  sums.grantsReturned = sums.grantsReturned.plus(at.amount);
  sums.save();
  // of nobody: what was never offered
  if (at.grantee != NOBODY) end(at.grantee, 'Returned', event.block.timestamp);
}

function end(grantee: Bytes, state: string, time: BigInt): void {
  const grant = Grant.load(grantee)!;
  grant.state = state;
  grant.endedAt = time;
  grant.save();
}
