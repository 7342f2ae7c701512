import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts';
import { Descended, Drawn, Paid, Received, Shared } from '../generated/Royalties/Royalties';
import { Descent, Revenue, RevenuePayment, RevenuePoint, ShareToken } from '../generated/schema';
import { Shares } from '../generated/templates';
import { earned } from './agents';
import { asset } from './assets';
import { eventId, flowed, numberId, ZERO } from './protocol';

function revenue(number: BigInt, token: Bytes): Revenue {
  const row = asset(number);
  const id = row.id.concat(token);
  const kept = Revenue.load(id);
  if (kept != null) return kept;
  const made = new Revenue(id);
  made.asset = row.id;
  made.token = token;
  made.received = ZERO;
  made.drawn = ZERO;
  made.given = ZERO;
  made.paid = ZERO;
  return made;
}

function payment(event: ethereum.Event, kind: string, sums: Revenue, account: Bytes, amount: BigInt): void {
  const row = new RevenuePayment(eventId(event));
  row.asset = sums.asset;
  row.token = sums.token;
  row.kind = kind;
  row.account = account;
  row.amount = amount;
  row.time = event.block.timestamp;
  row.transaction = event.transaction.hash;
  row.save();
}

export function royaltiesReceived(event: Received): void {
  const at = event.params;
  const sums = revenue(at.asset, at.token);
  sums.received = sums.received.plus(at.amount);
  sums.save();
  payment(event, 'Received', sums, at.from, at.amount);
  const point = new RevenuePoint(1);
  point.asset = sums.asset;
  point.token = at.token;
  point.amount = at.amount;
  point.save();
  flowed('Revenue', at.token, at.amount);
}

export function royaltiesDrawn(event: Drawn): void {
  const at = event.params;
  const child = revenue(at.asset, at.token);
  child.given = child.given.plus(at.amount);
  child.save();
  const parent = revenue(at.parent, at.token);
  parent.drawn = parent.drawn.plus(at.amount);
  parent.save();
  payment(event, 'Drawn', child, parent.asset, at.amount);
}

export function royaltiesPaid(event: Paid): void {
  const at = event.params;
  const sums = revenue(at.asset, at.token);
  sums.paid = sums.paid.plus(at.amount);
  sums.save();
  earned(at.account, at.token, at.amount);
  payment(event, 'Paid', sums, at.account, at.amount);
}

export function royaltiesDescended(event: Descended): void {
  const at = event.params;
  const child = asset(at.asset).id;
  const version = at.version.toI32();
  const descent = new Descent(child.concat(numberId(at.parent)).concatI32(version));
  descent.asset = child;
  descent.parent = asset(at.parent).id;
  descent.version = version;
  descent.bps = at.bps;
  descent.time = event.block.timestamp;
  descent.save();
}

export function royaltiesShared(event: Shared): void {
  const at = event.params;
  const row = asset(at.asset);
  const shares = new ShareToken(at.shares);
  shares.asset = row.id;
  shares.issuer = at.issuer;
  shares.supply = ZERO;
  shares.holders = 0;
  shares.tokens = [];
  shares.save();
  row.shares = shares.id;
  row.save();
  Shares.create(at.shares);
}
