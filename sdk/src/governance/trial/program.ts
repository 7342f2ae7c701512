import { concat, dataLength, dataSlice, toBeHex } from 'ethers';
import type { Action } from '../actions.ts';

/** What a program does in one step: a call, or a look at the clock or at what an address holds of the chain's coin. */
export type Deed = Action | { look: 'clock' } | { look: 'balance'; of: string };

/** What a step answered; of a call that reverted its error's data. */
export interface Answer {
  ok: boolean;
  data: string;
}

const OUT = '0x20';
/** Where the next answer goes: kept in the first word of memory. */
const NEXT = '0x5f51';
const STORE_NEXT = '0x5f52';

const push = (value: bigint | number | string, bytes: number): string =>
  concat([toBeHex(0x5f + bytes, 1), toBeHex(value, bytes)]);

/** answer := success (on the stack), length, data; the next one stands behind it. */
const KEEP = concat([
  ...[NEXT, '0x52'],
  ...['0x3d', push(0x20, 1), NEXT, '0x0152'],
  ...['0x3d', '0x5f', push(0x40, 1), NEXT, '0x013e'],
  ...['0x3d', push(0x40, 1), '0x01', NEXT, '0x01', STORE_NEXT],
]);

/** answer := 1, 32, what this code puts on the stack. */
const word = (code: string): string =>
  concat([
    ...[push(1, 1), NEXT, '0x52', push(32, 1), push(0x20, 1), NEXT, '0x0152'],
    ...[code, push(0x40, 1), NEXT, '0x0152', push(0x60, 1), NEXT, '0x01', STORE_NEXT],
  ]);

const call = ({ target, value, data }: Action, at: number): string => {
  const length = push(dataLength(data), 4);
  return concat([
    ...[length, push(at, 4), NEXT, '0x39'],
    ...['0x5f5f', length, NEXT, push(value, 32), push(target, 20), '0x5af1', KEEP],
  ]);
};

const codeOf = (deed: Deed, at: number): string => {
  if (!('look' in deed)) return call(deed, at);
  return word(deed.look === 'clock' ? '0x42' : concat([push(deed.of, 20), '0x31']));
};

/** Who starts a program; calls of all others go on to the account's own code, which stands at `own`. */
export interface Parties {
  starter: string;
  own: string;
}

const JUMPDEST = '0x5b';

/** Hands a call of anybody but the starter to the own code, and its answer back. */
function gate({ starter, own }: Parties): string {
  const build = (toProgram: number, toReturn: number) => {
    const isStarter = concat(['0x33', push(starter, 20), '0x14', push(toProgram, 2), '0x57']);
    const forward = concat(['0x365f5f37', '0x5f5f365f', push(own, 20), '0x5af4']);
    const revert = concat(['0x3d5f5f3e', push(toReturn, 2), '0x57', '0x3d5ffd']);
    return { parts: [isStarter, forward, revert], end: concat([JUMPDEST, '0x3d5ff3']) };
  };
  const { parts, end } = build(0, 0);
  const toReturn = dataLength(concat(parts));
  return concat([...build(toReturn + dataLength(end), toReturn).parts, end, JUMPDEST]);
}

/**
 * EVM code that, started by its starter, does all deeds one after the other as the account whose code it is, and returns
 * what each answered: success, length, data. What fails is undone and does not end it.
 */
export function programOf(deeds: readonly Deed[], parties: Parties): string {
  const start = concat([gate(parties), push(OUT, 1), STORE_NEXT]);
  const end = concat([push(OUT, 1), NEXT, '0x03', push(OUT, 1), '0xf3']);
  const build = (offsets: readonly number[]) =>
    concat([start, ...deeds.map((deed, i) => codeOf(deed, offsets[i])), end]);
  const blobs = deeds.map((deed) => ('look' in deed ? '0x' : deed.data));
  let at = dataLength(build(blobs.map(() => 0)));
  const offsets = blobs.map((data) => {
    const offset = at;
    at += dataLength(data);
    return offset;
  });
  return concat([build(offsets), ...blobs]);
}

/** The answers that a program returned; none where it was not this program that ran. */
export function answersIn(output: string, count: number): Answer[] | undefined {
  const answers: Answer[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (dataLength(output) < at + 64) return undefined;
    const ok = BigInt(dataSlice(output, at, at + 32)) === 1n;
    const length = Number(BigInt(dataSlice(output, at + 32, at + 64)));
    if (dataLength(output) < at + 64 + length) return undefined;
    answers.push({ ok, data: dataSlice(output, at + 64, at + 64 + length) });
    at += 64 + length;
  }
  return answers;
}
