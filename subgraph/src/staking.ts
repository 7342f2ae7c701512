import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts';
import {
  Burned,
  CreditWithdrawn,
  DelegateChanged,
  DelegateVotesChanged,
  Deprovisioned,
  LockBurned,
  Provisioned,
  Slashed,
  Staked,
  Thawing,
  Unbonding,
  Withdrawn,
} from '../generated/StakeManager/StakeManager';
import { Provision, Slash, StakeChange } from '../generated/schema';
import { agent } from './agents';
import { eventId, flowedMiel, protocol, ZERO } from './protocol';

/** Id of a provision: operator ‖ client ‖ slasher. */
export function provision(operator: Bytes, client: Bytes, slasher: Bytes): Provision {
  const id = operator.concat(client).concat(slasher);
  const kept = Provision.load(id);
  if (kept != null) return kept;
  const made = new Provision(id);
  made.operator = agent(operator).id;
  made.client = client;
  made.slasher = slasher;
  made.amount = ZERO;
  made.thawing = ZERO;
  made.thawingUntil = ZERO;
  made.slashed = ZERO;
  made.lockBurned = ZERO;
  return made;
}

function change(event: ethereum.Event, kind: string, account: Bytes, amount: BigInt): StakeChange {
  const row = new StakeChange(eventId(event));
  row.agent = account;
  row.kind = kind;
  row.amount = amount;
  row.block = event.block.number;
  row.time = event.block.timestamp;
  row.transaction = event.transaction.hash;
  return row;
}

/** Adds to all that StakeManager holds. */
export function held(amount: BigInt): void {
  const sums = protocol();
  sums.staked = sums.staked.plus(amount);
  sums.save();
}

export function stakeManagerStaked(event: Staked): void {
  const account = agent(event.params.account);
  account.free = account.free.plus(event.params.amount);
  account.save();
  held(event.params.amount);
  change(event, 'Staked', account.id, event.params.amount).save();
  flowedMiel('Staked', event.params.amount);
}

export function stakeManagerUnbonding(event: Unbonding): void {
  const account = agent(event.params.account);
  account.free = account.free.minus(event.params.amount);
  account.unbonding = account.unbonding.plus(event.params.amount);
  account.unbondingUntil = event.params.until;
  account.save();
  const row = change(event, 'Unbonding', account.id, event.params.amount);
  row.until = event.params.until;
  row.save();
}

export function stakeManagerWithdrawn(event: Withdrawn): void {
  const account = agent(event.params.account);
  account.unbonding = account.unbonding.minus(event.params.amount);
  account.save();
  held(event.params.amount.neg());
  change(event, 'Withdrawn', account.id, event.params.amount).save();
  flowedMiel('Unstaked', event.params.amount);
}

export function stakeManagerProvisioned(event: Provisioned): void {
  const at = event.params;
  const row = provision(at.operator, at.client, at.slasher);
  row.amount = row.amount.plus(at.amount);
  row.save();
  const operator = agent(at.operator);
  operator.free = operator.free.minus(at.amount);
  operator.save();
  const changed = change(event, 'Provisioned', operator.id, at.amount);
  changed.client = at.client;
  changed.slasher = at.slasher;
  changed.save();
}

export function stakeManagerThawing(event: Thawing): void {
  const at = event.params;
  const row = provision(at.operator, at.client, at.slasher);
  row.thawing = row.thawing.plus(at.amount);
  row.thawingUntil = at.until;
  row.save();
  const changed = change(event, 'Thawing', at.operator, at.amount);
  changed.client = at.client;
  changed.slasher = at.slasher;
  changed.until = at.until;
  changed.save();
}

export function stakeManagerDeprovisioned(event: Deprovisioned): void {
  const at = event.params;
  const row = provision(at.operator, at.client, at.slasher);
  row.amount = row.amount.minus(at.amount);
  row.thawing = ZERO;
  row.save();
  const operator = agent(at.operator);
  operator.free = operator.free.plus(at.amount);
  operator.save();
  const changed = change(event, 'Deprovisioned', operator.id, at.amount);
  changed.client = at.client;
  changed.slasher = at.slasher;
  changed.save();
}

export function stakeManagerLockBurned(event: LockBurned): void {
  const at = event.params;
  const row = provision(at.operator, at.client, at.slasher);
  row.amount = row.amount.minus(at.amount);
  row.lockBurned = row.lockBurned.plus(at.amount);
  row.save();
  const changed = change(event, 'LockBurned', at.operator, at.amount);
  changed.client = at.client;
  changed.slasher = at.slasher;
  changed.save();
}

export function stakeManagerSlashed(event: Slashed): void {
  const at = event.params;
  const row = provision(at.operator, at.client, at.slasher);
  row.amount = row.amount.minus(at.amount);
  row.slashed = row.slashed.plus(at.amount);
  row.save();
  const operator = agent(at.operator);
  operator.slashed = operator.slashed.plus(at.amount);
  operator.save();
  credited(at.bountyTo, at.bounty);
  credited(at.compensationTo, at.compensation);
  const slash = new Slash(eventId(event));
  slash.provision = row.id;
  slash.operator = operator.id;
  slash.amount = at.amount;
  slash.bounty = at.bounty;
  slash.bountyTo = at.bountyTo;
  slash.compensation = at.compensation;
  slash.compensationTo = at.compensationTo;
  slash.block = event.block.number;
  slash.time = event.block.timestamp;
  slash.transaction = event.transaction.hash;
  slash.save();
  const sums = protocol();
  sums.slashed = sums.slashed.plus(at.amount);
  sums.save();
  flowedMiel('Slashed', at.amount);
}

function credited(account: Bytes, amount: BigInt): void {
  if (amount.isZero()) return;
  const owner = agent(account);
  owner.credit = owner.credit.plus(amount);
  owner.save();
}

export function stakeManagerCreditWithdrawn(event: CreditWithdrawn): void {
  const account = agent(event.params.account);
  account.credit = account.credit.minus(event.params.amount);
  account.save();
  held(event.params.amount.neg());
  change(event, 'CreditWithdrawn', account.id, event.params.amount).save();
}

export function stakeManagerBurned(event: Burned): void {
  const sums = protocol();
  sums.burned = sums.burned.plus(event.params.amount);
  sums.staked = sums.staked.minus(event.params.amount);
  sums.save();
  flowedMiel('Burned', event.params.amount);
}

export function stakeManagerDelegateChanged(event: DelegateChanged): void {
  const delegator = agent(event.params.delegator);
  delegator.stakeDelegate = event.params.toDelegate;
  delegator.save();
}

export function stakeManagerDelegateVotesChanged(event: DelegateVotesChanged): void {
  const delegate = agent(event.params.delegate);
  delegate.stakeVotes = event.params.newVotes;
  delegate.save();
}
