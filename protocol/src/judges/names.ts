import { opcodeOf } from './opcode.ts';
import { OPCODES } from './registry.ts';

let known: Map<string, { name: string; since: number }> | undefined;

/** The operator version that an opcode stands for; its name is empty where no judge knows the opcode. */
export function nameOf(opcode: string): { name: string; since: number } {
  known ??= new Map(
    OPCODES.flatMap(({ name, since }) => since.map((version) => [opcodeOf(name, version), { name, since: version }])),
  );
  return known.get(opcode) ?? { name: '', since: 0 };
}
