/** Rotations of the lanes x + 5y, and the round constants (FIPS 202, 3.2.2 and 3.2.5). */
const ROTATIONS = [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14];
export const ROUNDS = 24;
/** Where the state, the round constants and a message lie in the module's memory. */
export const [STATE, CONSTANTS, MESSAGE] = [0, 256, 1_024];
/** Lanes of a block of keccak256. */
export const RATE = 17;

/** The round constants, by the linear feedback shift register that defines them. */
export function roundConstants(): BigUint64Array {
  let register = 1;
  return BigUint64Array.from({ length: ROUNDS }, () => {
    let constant = 0n;
    for (let j = 0; j < 7; j++) {
      if (register & 1) constant |= 1n << (2n ** BigInt(j) - 1n);
      register = (register << 1) ^ ((register >> 7) * 0x171);
    }
    return constant;
  });
}

type Code = readonly number[];

function unsigned(value: number): number[] {
  const low = value & 127;
  return value < 128 ? [low] : [low | 128, ...unsigned(value >>> 7)];
}
function signed(value: number): number[] {
  const low = value & 127;
  return value >= -64 && value < 64 ? [low] : [low | 128, ...signed(value >> 7)];
}

// the instructions used, by their codes in the WebAssembly specification
const get = (local: number): Code => [0x20, ...unsigned(local)];
const set = (local: number): Code => [0x21, ...unsigned(local)];
const load = (address: Code, offset: number): Code => [...address, 0x29, 3, ...unsigned(offset)];
const store = (address: Code, value: Code, offset: number): Code => [
  ...address,
  ...value,
  0x37,
  3,
  ...unsigned(offset),
];
const i32 = (value: number): Code => [0x41, ...signed(value)];
const i64 = (value: number): Code => [0x42, ...signed(value)];
const binary =
  (code: number) =>
  (a: Code, b: Code): Code => [...a, ...b, code];
const [xor, and, rotl, add, lessThan] = [0x85, 0x83, 0x89, 0x6a, 0x49].map(binary);
const repeat = (body: Code, condition: Code): Code => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];

/** One round on the lanes in locals `a`; `b`, `c` and `d` are for what lies between. The constant is at `address`. */
function round(a: number, b: number, c: number, d: number, address: Code): Code {
  const five = [0, 1, 2, 3, 4];
  const lanes = ROTATIONS.map((_, lane) => lane);
  const column = (x: number): Code => five.map((y) => get(a + x + 5 * y)).reduce((sum, lane) => xor(sum, lane));
  const turned = (lane: number): Code => {
    const mixed = xor(get(a + lane), get(d + (lane % 5)));
    return ROTATIONS[lane] === 0 ? mixed : rotl(mixed, i64(ROTATIONS[lane]));
  };
  const place = (lane: number): number => {
    const [x, y] = [lane % 5, Math.floor(lane / 5)];
    return y + 5 * ((2 * x + 3 * y) % 5);
  };
  const next = (lane: number, by: number): Code => get(b + 5 * Math.floor(lane / 5) + ((lane + by) % 5));
  return [
    ...five.flatMap((x) => [...column(x), ...set(c + x)]),
    ...five.flatMap((x) => [...xor(get(c + ((x + 4) % 5)), rotl(get(c + ((x + 1) % 5)), i64(1))), ...set(d + x)]),
    ...lanes.flatMap((lane) => [...turned(lane), ...set(b + place(lane))]),
    ...lanes.flatMap((lane) => {
      const x = lane % 5;
      const [one, two] = [1, 2].map((by) => next(lane - x, x + by));
      return [...xor(get(b + lane), and(xor(one, i64(-1)), two)), ...set(a + lane)];
    }),
    ...xor(get(a), load(address, CONSTANTS)),
    ...set(a),
  ];
}

/**
 * A WebAssembly module that exports `memory` and `absorb(end)`: it absorbs the blocks of a padded message between
 * `MESSAGE` and `end` into an empty state. 64-bit words are what JavaScript lacks for keccak.
 */
export function keccakModule(): Uint8Array<ArrayBuffer> {
  const [end, at, counter, a] = [0, 1, 2, 3];
  const [b, c, d] = [a + 25, a + 50, a + 55];
  const lanes = ROTATIONS.map((_, lane) => lane);
  const block: Code = [
    ...lanes.slice(0, RATE).flatMap((lane) => [...xor(get(a + lane), load(get(at), 8 * lane)), ...set(a + lane)]),
    ...[...i32(0), ...set(counter)],
    ...repeat(
      [...round(a, b, c, d, get(counter)), ...add(get(counter), i32(8)), ...set(counter)],
      lessThan(get(counter), i32(8 * ROUNDS)),
    ),
    ...[...add(get(at), i32(8 * RATE)), ...set(at)],
  ];
  const code: Code = [
    ...[...i32(MESSAGE), ...set(at)],
    ...repeat(block, lessThan(get(at), get(end))),
    ...[0, 1, 2, 3].flatMap((lane) => store(i32(STATE), get(a + lane), 8 * lane)),
  ];
  const locals = [2, 2, 0x7f, 60, 0x7e];
  const body = [...locals, ...code, 0x0b];
  const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
  const name = (text: string): Code => [text.length, ...new TextEncoder().encode(text)];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, 0x7f, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 2]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('absorb'), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}
