import type { Verdict } from '@essaim/protocol';
import { expect } from 'chai';
import { type Bench, tryElement } from './bench.ts';
import type { Sample } from './sample.ts';

const INFINITY_ORDER = 0x7f800000;
const orderOf = (bits: number): number => (bits >>> 31 ? -(bits & 0x7fffffff) : bits);
const bitsOf = (order: number): number => (order < 0 ? 0x80000000 - order : order);

/** The last float that `inside` holds for and the first that it doesn't, from `start` upwards or downwards; infinities end it. */
function edge(inside: (bits: number) => boolean, start: number, step: 1 | -1): [last: number, beyond: number | null] {
  let last = orderOf(start);
  let size = 1;
  const at = (order: number) => Math.max(-INFINITY_ORDER, Math.min(INFINITY_ORDER, order));
  while (inside(bitsOf(at(last + step * size)))) {
    last = at(last + step * size);
    if (Math.abs(last) === INFINITY_ORDER) return [bitsOf(last), null];
    size *= 2;
  }
  let beyond = at(last + step * size);
  while (Math.abs(beyond - last) > 1) {
    const middle = Math.floor((last + beyond) / 2);
    if (inside(bitsOf(middle))) last = middle;
    else beyond = middle;
  }
  return [bitsOf(last), bitsOf(beyond)];
}

/**
 * Asks both judges about the floats on either side of every edge between verdicts, seen from a permitted float.
 * Returns how many edges there were.
 */
export async function examineEdges(bench: Bench, sample: Sample, element: number, honest: number): Promise<number> {
  const { permitted } = tryElement(bench.judge, sample, element, 0n);
  const of = (bits: number): Verdict => permitted.verdict(BigInt(bits));
  let found = 0;
  for (const step of [1, -1] as const) {
    let start = honest;
    for (const inside of [(bits: number) => of(bits) === 'permitted', (bits: number) => of(bits) !== 'convicted']) {
      const [last, beyond] = edge(inside, start, step);
      await bench.claim(sample, element, BigInt(last));
      if (beyond === null) break;
      const said = await bench.claim(sample, element, BigInt(beyond));
      expect(inside(last) && said !== 'permitted').to.equal(true);
      found++;
      if (said === 'convicted') break;
      start = beyond;
    }
  }
  return found;
}
