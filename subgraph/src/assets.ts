import { BigInt, Bytes } from '@graphprotocol/graph-ts';
import { Asset, ModelProgram, Program } from '../generated/schema';
import { numberId } from './protocol';

/** Models and data sets by their number, whatever is known of them. */
export function asset(number: BigInt): Asset {
  const id = numberId(number);
  const kept = Asset.load(id);
  if (kept != null) return kept;
  const made = new Asset(id);
  made.number = number;
  made.kind = 'Unknown';
  made.save();
  return made;
}

export function program(id: Bytes): Program {
  const kept = Program.load(id);
  if (kept != null) return kept;
  const made = new Program(id);
  made.save();
  return made;
}

/** Notes that a model holds a program. */
export function holds(model: Bytes, programId: Bytes, manifest: Bytes, time: BigInt): void {
  const row = new ModelProgram(model.concat(programId));
  row.model = model;
  row.program = program(programId).id;
  row.manifest = manifest;
  row.time = time;
  row.save();
}
