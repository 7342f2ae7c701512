import { type Interface, type Log, Result } from 'ethers';

/**
 * What a log says of an event that the interface has, for those who keep it: its strings in one piece. As ethers decodes
 * them they are chains of their digits, which take 1.3 kB for 32 bytes for as long as they are kept.
 */
export function argsOf(face: Interface, log: Log): Result {
  const { args, fragment } = face.parseLog(log)!;
  const pieces = args.map((value) => (typeof value === 'string' ? value.normalize() : value));
  return Result.fromItems(
    pieces,
    fragment.inputs.map(({ name }) => name),
  );
}
