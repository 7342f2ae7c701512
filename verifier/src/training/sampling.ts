import { randomBytes } from 'node:crypto';
import { type Lot, lotOf } from '../policy/lot.ts';

/** Which steps of a round are run again: all, or so many drawn by chance (and those on the way to them). */
export interface Sampling {
  readonly all: boolean;
  readonly steps: number;
  /** Draws them, so that a restart draws the same; by a secret of this process where none is given. */
  readonly lot?: Lot;
}

const own = lotOf(randomBytes(32));

/** Steps of what is named so, in ascending order. */
export function sampleOf(name: string, count: number, { all, steps, lot = own }: Sampling): number[] {
  const order = Array.from({ length: count }, (_, step) => step);
  if (all || steps >= count) return order;
  const drawn = new Set<number>();
  for (let turn = 0; drawn.size < steps; turn++) drawn.add(Math.floor(lot(`${name} step ${turn}`) * count));
  return [...drawn].sort((a, b) => a - b);
}
