import { Bytes } from '@graphprotocol/graph-ts';
import { VoucherClaim, VoucherEscrow } from '../generated/schema';
import { Claimed, Closing, Funded, Refunded } from '../generated/Vouchers/Vouchers';
import { agent, earned } from './agents';
import { eventId, ZERO } from './protocol';

export function vouchersFunded(event: Funded): void {
  const at = event.params;
  const escrow = opened(at.payer, at.payee, at.token);
  escrow.funded = escrow.funded.plus(at.amount);
  escrow.until = at.until;
  escrow.closes = null;
  escrow.save();
}

export function vouchersClaimed(event: Claimed): void {
  const at = event.params;
  const escrow = opened(at.payer, at.payee, at.token);
  escrow.claimed = escrow.claimed.plus(at.amount);
  escrow.save();
  const claim = new VoucherClaim(eventId(event));
  claim.escrow = escrow.id;
  claim.amount = at.amount;
  claim.cumulative = at.cumulative;
  claim.time = event.block.timestamp;
  claim.save();
  earned(at.payee, at.token, at.amount);
}

export function vouchersClosing(event: Closing): void {
  const at = event.params;
  const escrow = opened(at.payer, at.payee, at.token);
  escrow.closes = at.closes;
  escrow.save();
}

export function vouchersRefunded(event: Refunded): void {
  const at = event.params;
  const escrow = opened(at.payer, at.payee, at.token);
  escrow.funded = escrow.funded.minus(at.amount);
  escrow.closes = null;
  escrow.save();
}

function opened(payer: Bytes, payee: Bytes, token: Bytes): VoucherEscrow {
  const id = payer.concat(payee).concat(token);
  const kept = VoucherEscrow.load(id);
  if (kept != null) return kept;
  const made = new VoucherEscrow(id);
  made.payer = agent(payer).id;
  made.payee = agent(payee).id;
  made.token = token;
  made.funded = ZERO;
  made.claimed = ZERO;
  made.until = ZERO;
  return made;
}
