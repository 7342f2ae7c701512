import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts';
import { Approval } from '../generated/schema';
import { asset } from './assets';
import { NOBODY } from './protocol';

/** What `spender` may move of an ERC-20 that emitted the event. */
export function allowed(event: ethereum.Event, owner: Bytes, spender: Bytes, amount: BigInt): void {
  const row = approval(event, event.address.concat(owner).concat(spender), owner, spender);
  row.amount = amount;
  row.save();
}

/** Who may move one asset; the zero address: nobody. */
export function approved(event: ethereum.Event, owner: Bytes, spender: Bytes, number: BigInt): void {
  const row = approval(event, asset(number).id, owner, spender);
  row.asset = asset(number).id;
  row.save();
}

/** Who may move one agent of ERC-8004; the zero address: nobody. */
export function approvedIdentity(event: ethereum.Event, owner: Bytes, spender: Bytes, id: Bytes): void {
  const row = approval(event, event.address.concat(id), owner, spender);
  row.identity = id;
  row.save();
}

/** Who may move all of an owner's assets. */
export function approvedForAll(event: ethereum.Event, owner: Bytes, operator: Bytes, isApproved: boolean): void {
  const row = approval(event, event.address.concat(owner).concat(operator), owner, isApproved ? operator : NOBODY);
  row.all = isApproved;
  row.save();
}

function approval(event: ethereum.Event, id: Bytes, owner: Bytes, spender: Bytes): Approval {
  const row = new Approval(id);
  row.contract = event.address;
  row.owner = owner;
  row.spender = spender;
  row.time = event.block.timestamp;
  return row;
}
