import { Bytes } from '@graphprotocol/graph-ts';
import { Holding, HoldingClaim, ShareToken, Transfer } from '../generated/schema';
import { Admitted, Approval, Claimed, Transfer as Moved } from '../generated/templates/Shares/Shares';
import { agent } from './agents';
import { allowed } from './approvals';
import { eventId, NOBODY, ZERO } from './protocol';

function holding(shares: Bytes, holder: Bytes): Holding {
  const id = shares.concat(holder);
  const kept = Holding.load(id);
  if (kept != null) return kept;
  const made = new Holding(id);
  made.shares = shares;
  made.holder = agent(holder).id;
  made.balance = ZERO;
  return made;
}

export function sharesTransfer(event: Moved): void {
  const at = event.params;
  const shares = ShareToken.load(event.address)!;
  if (at.from == NOBODY) shares.supply = shares.supply.plus(at.value);
  else {
    const from = holding(shares.id, at.from);
    from.balance = from.balance.minus(at.value);
    if (from.balance.isZero() && !at.value.isZero()) shares.holders -= 1;
    from.save();
  }
  if (at.to == NOBODY) shares.supply = shares.supply.minus(at.value);
  else {
    const to = holding(shares.id, at.to);
    if (to.balance.isZero() && !at.value.isZero()) shares.holders += 1;
    to.balance = to.balance.plus(at.value);
    to.save();
  }
  shares.save();
  const moved = new Transfer(eventId(event));
  moved.token = event.address;
  moved.from = at.from;
  moved.to = at.to;
  moved.amount = at.value;
  moved.block = event.block.number;
  moved.time = event.block.timestamp;
  moved.transaction = event.transaction.hash;
  moved.save();
}

export function sharesApproval(event: Approval): void {
  allowed(event, event.params.owner, event.params.spender, event.params.value);
}

export function sharesAdmitted(event: Admitted): void {
  const shares = ShareToken.load(event.address)!;
  const tokens = shares.tokens;
  tokens.push(event.params.token);
  shares.tokens = tokens;
  shares.save();
}

export function sharesClaimed(event: Claimed): void {
  const row = holding(event.address, event.params.holder);
  row.save();
  const claim = new HoldingClaim(eventId(event));
  claim.holding = row.id;
  claim.token = event.params.token;
  claim.amount = event.params.amount;
  claim.time = event.block.timestamp;
  claim.save();
}
