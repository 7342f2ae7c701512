import { BigInt, Bytes, DataSourceContext, dataSource } from '@graphprotocol/graph-ts';
import {
  Delegated,
  DelegationWithdrawn,
  PoolOpened,
  PoolSlashed,
  Undelegating,
} from '../generated/StakeManager/StakeManager';
import { Delegation, FeeDivision, Pool, Provision } from '../generated/schema';
import { PoolFees } from '../generated/templates';
import { Admitted, Claimed, CutAnnounced, Divided } from '../generated/templates/PoolFees/PoolFees';
import { agent, earned } from './agents';
import { eventId, flowedMiel, numberId, ZERO } from './protocol';
import { held, provision } from './staking';

const WHOLE = '1000000000000000000';

function delegation(pool: Bytes, delegator: Bytes): Delegation {
  const id = pool.concat(delegator);
  const kept = Delegation.load(id);
  if (kept != null) return kept;
  const made = new Delegation(id);
  made.pool = pool;
  made.delegator = agent(delegator).id;
  made.shares = ZERO;
  made.thawing = ZERO;
  made.thawingUntil = ZERO;
  made.given = ZERO;
  made.taken = ZERO;
  return made;
}

export function stakeManagerPoolOpened(event: PoolOpened): void {
  const at = event.params;
  const backed = provision(at.operator, at.client, at.slasher);
  const pool = new Pool(numberId(at.pool));
  pool.number = at.pool;
  pool.operator = agent(at.operator).id;
  pool.provision = backed.id;
  pool.fees = at.fees;
  pool.cut = at.cut.toI32();
  pool.amount = ZERO;
  pool.shares = ZERO;
  pool.thawing = ZERO;
  pool.rate = BigInt.fromString(WHOLE);
  pool.tokens = [];
  pool.save();
  backed.pool = pool.id;
  backed.save();
  const context = new DataSourceContext();
  context.setBytes('pool', pool.id);
  PoolFees.createWithContext(at.fees, context);
}

export function stakeManagerDelegated(event: Delegated): void {
  const at = event.params;
  const pool = Pool.load(numberId(at.pool))!;
  pool.amount = pool.amount.plus(at.amount);
  pool.shares = pool.shares.plus(at.shares);
  pool.save();
  const own = delegation(pool.id, at.delegator);
  own.shares = own.shares.plus(at.shares);
  own.given = own.given.plus(at.amount);
  own.save();
  held(at.amount);
  flowedMiel('Delegated', at.amount);
}

export function stakeManagerUndelegating(event: Undelegating): void {
  const at = event.params;
  const pool = Pool.load(numberId(at.pool))!;
  pool.thawing = pool.thawing.plus(at.shares);
  pool.save();
  const own = delegation(pool.id, at.delegator);
  own.thawing = own.thawing.plus(at.shares);
  own.thawingUntil = at.until;
  own.save();
}

export function stakeManagerDelegationWithdrawn(event: DelegationWithdrawn): void {
  const at = event.params;
  const pool = Pool.load(numberId(at.pool))!;
  pool.amount = pool.amount.minus(at.amount);
  pool.shares = pool.shares.minus(at.shares);
  pool.thawing = pool.thawing.minus(at.shares);
  pool.save();
  const own = delegation(pool.id, at.delegator);
  own.shares = own.shares.minus(at.shares);
  own.thawing = own.thawing.minus(at.shares);
  own.taken = own.taken.plus(at.amount);
  own.save();
  held(at.amount.neg());
  flowedMiel('Undelegated', at.amount);
}

/** Comes before the event of the whole loss, of which the operator's own stake gives what the pool does not. */
export function stakeManagerPoolSlashed(event: PoolSlashed): void {
  const pool = Pool.load(numberId(event.params.pool))!;
  pool.amount = pool.amount.minus(event.params.amount);
  pool.rate = event.params.rate;
  pool.save();
  const own = Provision.load(pool.provision)!;
  own.amount = own.amount.plus(event.params.amount);
  own.save();
}

function ownPool(): Pool {
  return Pool.load(dataSource.context().getBytes('pool'))!;
}

export function poolFeesAdmitted(event: Admitted): void {
  const pool = ownPool();
  const tokens = pool.tokens;
  tokens.push(event.params.token);
  pool.tokens = tokens;
  pool.save();
}

export function poolFeesCutAnnounced(event: CutAnnounced): void {
  const pool = ownPool();
  pool.nextCut = event.params.cut.toI32();
  pool.nextCutFrom = event.params.from;
  pool.save();
}

export function poolFeesDivided(event: Divided): void {
  const row = new FeeDivision(eventId(event));
  row.pool = ownPool().id;
  row.token = event.params.token;
  row.amount = event.params.amount;
  row.cut = event.params.cut;
  row.time = event.block.timestamp;
  row.save();
}

export function poolFeesClaimed(event: Claimed): void {
  earned(event.params.account, event.params.token, event.params.amount);
}
