import { Added } from '../generated/JudgeRegistry/JudgeRegistry';
import { Barred, FormFault } from '../generated/Malformed/Malformed';
import { Convicted } from '../generated/Referee/Referee';
import { Fault, Judge } from '../generated/schema';
import { program } from './assets';
import { eventId } from './protocol';

export function refereeConvicted(event: Convicted): void {
  const at = event.params;
  const fault = new Fault(eventId(event));
  fault.batch = at.batchId;
  fault.leaf = at.leaf;
  fault.kind = 'Element';
  fault.operator = at.operator;
  fault.output = at.output;
  fault.element = at.element;
  fault.opcode = at.opcode;
  fault.claimed = at.claimed;
  fault.time = event.block.timestamp;
  fault.transaction = event.transaction.hash;
  fault.save();
}

export function malformedFormFault(event: FormFault): void {
  const at = event.params;
  const fault = new Fault(eventId(event));
  fault.batch = at.batchId;
  fault.leaf = at.leaf;
  fault.kind = 'Form';
  fault.reason = at.reason;
  fault.value = at.value;
  fault.time = event.block.timestamp;
  fault.transaction = event.transaction.hash;
  fault.save();
}

export function malformedBarred(event: Barred): void {
  const barred = program(event.params.programId);
  barred.barred = event.params.reason;
  barred.save();
}

export function judgeRegistryAdded(event: Added): void {
  const at = event.params;
  const judge = new Judge(at.opcode.concat(at.codeHash));
  judge.opcode = at.opcode;
  judge.codeHash = at.codeHash;
  judge.address = at.judge;
  judge.time = event.block.timestamp;
  judge.save();
}
