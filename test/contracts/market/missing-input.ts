import { accepted, connection, type Market, type Terms } from './fixture.ts';

const { ethers } = connection;
const { concat } = ethers;

// One float32 input [1], only zero; one output: enough for an input that is missing altogether.
const INTERFACE = concat([
  ...['0x01', '0x01', '0x00000000', '0x01', '0x00000001'],
  ...[new Uint8Array(24), '0x01', '0x00000000'],
]);
const u32 = (n: number) => ethers.toBeHex(n, 4);
const HEADER = concat([
  ...[u32(1), ethers.id('ops'), u32(1), u32(1), ethers.ZeroHash, u32(0), u32(1)],
  ...[ethers.id('segments'), u32(1), ethers.keccak256(concat([ethers.id('essaim/interface/1'), INTERFACE])), u32(1)],
]);

/** A program of which an input that is zero in a list of one is missing. */
export const NEEDY = ethers.keccak256(concat([ethers.id('essaim/program/1'), HEADER]));

/** Malformed's proof that input 0 is zero in a list of one. */
export const missing = () =>
  concat([HEADER, ethers.toBeHex(ethers.dataLength(INTERFACE), 2), INTERFACE, '0x00', '0x02']);

/** Adds the program to the market's model. */
export const addNeedy = async (system: Market) =>
  system.models.connect(system.modelOwner).addProgram(system.model, NEEDY, ethers.id('m'));

/** A job that its provider ended by showing that its input is missing. */
export async function endedByInput(system: Market): Promise<Terms> {
  await addNeedy(system);
  const terms = await accepted(system, { programId: NEEDY, inputsRoot: ethers.ZeroHash });
  await system.market.connect(system.provider).proveInput(terms, 0, ethers.ZeroHash, '0x', missing());
  return terms;
}
