import { BigInt, Bytes } from '@graphprotocol/graph-ts';
import { Operation, OperationCall, Role } from '../generated/schema';
import {
  CallExecuted,
  CallSalt,
  CallScheduled,
  Cancelled,
  MinDelayChange,
  RoleAdminChanged,
  RoleGranted,
  RoleRevoked,
} from '../generated/TimelockController/TimelockController';
import { set } from './governance';

function operation(id: Bytes, time: BigInt): Operation {
  const kept = Operation.load(id);
  if (kept != null) return kept;
  const made = new Operation(id);
  made.state = 'Scheduled';
  made.time = time;
  return made;
}

export function timelockControllerCallScheduled(event: CallScheduled): void {
  const at = event.params;
  const row = operation(at.id, event.block.timestamp);
  row.readyAt = event.block.timestamp.plus(at.delay);
  row.save();
  const call = new OperationCall(at.id.concatI32(at.index.toI32()));
  call.operation = row.id;
  call.index = at.index.toI32();
  call.target = at.target;
  call.value = at.value;
  call.data = at.data;
  call.isExecuted = false;
  call.save();
}

export function timelockControllerCallExecuted(event: CallExecuted): void {
  const at = event.params;
  const row = operation(at.id, event.block.timestamp);
  row.state = 'Executed';
  row.save();
  const call = new OperationCall(at.id.concatI32(at.index.toI32()));
  call.operation = row.id;
  call.index = at.index.toI32();
  call.target = at.target;
  call.value = at.value;
  call.data = at.data;
  call.isExecuted = true;
  call.save();
}

export function timelockControllerCallSalt(event: CallSalt): void {
  const row = operation(event.params.id, event.block.timestamp);
  row.salt = event.params.salt;
  row.save();
}

export function timelockControllerCancelled(event: Cancelled): void {
  const row = operation(event.params.id, event.block.timestamp);
  row.state = 'Cancelled';
  row.save();
}

export function timelockControllerMinDelayChange(event: MinDelayChange): void {
  set(event, 'minDelay', event.params.oldDuration, event.params.newDuration);
}

function member(role: Bytes, account: Bytes, isGranted: boolean, time: BigInt): void {
  const row = new Role(role.concat(account));
  row.role = role;
  row.account = account;
  row.isGranted = isGranted;
  row.time = time;
  row.save();
}

export function timelockControllerRoleGranted(event: RoleGranted): void {
  member(event.params.role, event.params.account, true, event.block.timestamp);
}

export function timelockControllerRoleRevoked(event: RoleRevoked): void {
  member(event.params.role, event.params.account, false, event.block.timestamp);
}

export function timelockControllerRoleAdminChanged(event: RoleAdminChanged): void {
  const row = new Role(event.params.role);
  row.role = event.params.role;
  row.admin = event.params.newAdminRole;
  row.isGranted = true;
  row.time = event.block.timestamp;
  row.save();
}
