import { keccak256 } from 'ethers';
import { concat, fromHex, type Hash, uint } from '../commitments/bytes.ts';

const FEISTEL = 6;
const EPOCHS = 1n << 64n;

/** Row of the data set at `index` of an epoch: a permutation of 0…rows−1 keyed by the run's seed. */
export function permuteRow(seed: Hash, epoch: bigint, index: number, rows: number): number {
  let bits = 2;
  while (rows > 2 ** bits) bits++;
  const low = bits - (bits >> 1);
  const [leftSize, rightSize] = [2 ** (bits >> 1), 2 ** low];
  const key = concat([fromHex(seed, 32), uint(epoch, 8)]);
  const mix = (k: number, half: number, size: number): number =>
    Number(BigInt(keccak256(concat([key, uint(k, 1), uint(half, 8)]))) % BigInt(size));
  let x = index;
  do {
    let [left, right] = [Math.floor(x / rightSize), x % rightSize];
    for (let k = 0; k < FEISTEL; k++) {
      if (k % 2 === 0) left = (left ^ mix(k, right, leftSize)) >>> 0;
      else right = (right ^ mix(k, left, rightSize)) >>> 0;
    }
    x = left * rightSize + right;
  } while (x >= rows);
  return x;
}

/** Row of the data set at a position of a run's order, which counts on over epochs. */
export const rowAt = (seed: Hash, position: bigint, rows: number): number =>
  permuteRow(seed, (position / BigInt(rows)) % EPOCHS, Number(position % BigInt(rows)), rows);

/** What of a run's terms decides which rows a step trains on. */
export interface OrderTerms {
  readonly rows: number;
  readonly batch: number;
  readonly steps: number;
  readonly seats: number;
}

/** Step of the whole run that is step `step` of round `round`: row of the schedule, the same for every seat. */
export const stepOf = ({ steps }: Pick<OrderTerms, 'steps'>, round: number, step: number): number =>
  round * steps + step;

/** Rows of the data set that one step of a seat trains on, in the order of its batch. */
export function rowsOf(terms: OrderTerms, seed: Hash, place: { round: number; seat: number; step: number }): number[] {
  const lane = BigInt(stepOf(terms, place.round, place.step)) * BigInt(terms.seats) + BigInt(place.seat);
  return Array.from({ length: terms.batch }, (_, i) => rowAt(seed, lane * BigInt(terms.batch) + BigInt(i), terms.rows));
}
