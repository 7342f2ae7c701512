import { type Interface, type Log, Result } from 'ethers';

/** What a log says. */
export interface ChainEvent {
  readonly name: string;
  readonly args: Result;
}

/**
 * What a log says, for those who keep it: its strings are in one piece. As ethers decodes them they are chains of their
 * digits, which take 1.3 kB for 32 bytes for as long as they are kept. Null for an event that the interface does not have.
 */
export function eventOf(face: Interface, log: Log): ChainEvent | null {
  const event = face.parseLog(log);
  if (!event) return null;
  const pieces = event.args.map((value) => (typeof value === 'string' ? value.normalize() : value));
  const names = event.fragment.inputs.map(({ name }) => name);
  return { name: event.name, args: Result.fromItems(pieces, names) };
}
