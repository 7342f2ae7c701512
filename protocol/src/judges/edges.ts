import { numberOfBits } from './float32.ts';
import type { Permitted } from './judge.ts';

/** Least and greatest number of an interval. */
export type Interval = readonly [low: number, high: number];

/** The intervals of both tiers around an element: permitted within `sharp`, void within `contract`. */
export interface Edges {
  readonly sharp: Interval;
  readonly contract: Interval;
}

/** Keys number the finite binary32 in ascending order; both zeros are 0. */
const GREATEST = 0x7f7fffff;
const keyOf = (bits: number): number => (bits >>> 31 ? -(bits & 0x7fffffff) : bits);
const bitsOf = (key: number): bigint => (key < 0 ? BigInt(-key) | 0x80000000n : BigInt(key));
const numberAt = (key: number): number => numberOfBits(Number(bitsOf(key)));
const word = new Float32Array(1);
const keyOfNumber = (value: number): number => {
  word[0] = value;
  return keyOf(new Uint32Array(word.buffer)[0]);
};

/**
 * The intervals that a judge permits a float32 element, found by asking it: from `claimed` (element bits) outwards, so
 * they must have no holes. `null` where `claimed` is convicted or no finite number.
 */
export function edgesOf(permitted: Permitted, claimed: bigint): Edges | null {
  const here = keyOf(Number(claimed));
  if (Math.abs(here) > GREATEST || permitted.verdict(claimed) === 'convicted') return null;
  const possible = (key: number): boolean => permitted.verdict(bitsOf(key)) !== 'convicted';
  const paid = (key: number): boolean => permitted.verdict(bitsOf(key)) === 'permitted';
  const contract = around(here, possible);
  const start = paid(here) ? here : keyOfNumber((contract[0] + contract[1]) / 2);
  return { contract, sharp: paid(start) ? around(start, paid) : [numberAt(start), numberAt(start)] };
}

function around(start: number, inside: (key: number) => boolean): Interval {
  return [numberAt(edge(start, -1, inside)), numberAt(edge(start, 1, inside))];
}

/** The last key inside, going from `start` in one direction: strides double, then halve. */
function edge(start: number, direction: 1 | -1, inside: (key: number) => boolean): number {
  const within = (stride: number): boolean => {
    const key = start + direction * stride;
    return Math.abs(key) <= GREATEST && inside(key);
  };
  let stride = 1;
  while (within(stride)) stride *= 2;
  let [low, high] = [Math.floor(stride / 2), stride];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (within(middle)) low = middle;
    else high = middle;
  }
  return start + direction * low;
}

/** How far `value` lies from the middle of an interval, in half widths: 1 at its edge; 0 in one without width. */
export function ratioTo([low, high]: Interval, value: number): number {
  if (low === high) return value === low ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(value - (low + high) / 2) / ((high - low) / 2);
}
