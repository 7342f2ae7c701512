import { CONSTANTS, keccakModule, MESSAGE, RATE, roundConstants, STATE } from './keccak-module.ts';

const BLOCK = 8 * RATE;

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(keccakModule()));
const { buffer } = exports.memory as WebAssembly.Memory;
const absorb = exports.absorb as (end: number) => void;
new BigUint64Array(buffer, CONSTANTS).set(roundConstants());
const memory = new Uint8Array(buffer);

/** Most bytes that one call takes. */
export const LONGEST = memory.length - MESSAGE - BLOCK;

/** keccak256 of at most `LONGEST` bytes. */
export function fastKeccak(bytes: Uint8Array): Uint8Array {
  const end = MESSAGE + bytes.length;
  const padded = MESSAGE + BLOCK * (Math.floor(bytes.length / BLOCK) + 1);
  memory.set(bytes, MESSAGE);
  memory.fill(0, end, padded);
  memory[end] = 1;
  memory[padded - 1] |= 128;
  absorb(padded);
  return memory.slice(STATE, STATE + 32);
}
