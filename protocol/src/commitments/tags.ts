import { id } from 'ethers';
import { concat, fromHex, type Hash, toHex } from './bytes.ts';
import { keccakBytes } from './hasher.ts';

const tag = (name: string): Hash => id(`essaim/${name}/1`);

/** Domain tags: the first word of everything that keccak256 commits to. */
export const TAGS = {
  tensor: tag('tensor'),
  operator: tag('operator'),
  segment: tag('segment'),
  interface: tag('interface'),
  program: tag('program'),
  claim: tag('claim'),
  context: tag('context'),
  accusation: tag('accusation'),
} as const;
export type TagName = keyof typeof TAGS;
const WORDS = Object.fromEntries(Object.entries(TAGS).map(([name, hash]) => [name, fromHex(hash)])) as Record<
  TagName,
  Uint8Array
>;

/** keccak256(tag ‖ parts…). */
export const tagged = (name: TagName, ...parts: Uint8Array[]): Hash =>
  toHex(keccakBytes(concat([WORDS[name], ...parts])));
