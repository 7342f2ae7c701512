import { DTYPES, type DType, type Operator } from '../program/types.ts';
import { locate } from './coordinates.ts';
import { inputType, isInteger, readElement } from './elements.ts';
import type { Need, Permitted, Trial } from './judge.ts';
import { extreme, isTiny, permit, rank, SIGN, unordered } from './order-ranks.ts';
import { admitReduction, admitRows, restored, rowAt } from './reduction.ts';
import { natural, refuse } from './refuse.ts';

/** Operators that order a whole row, which is evidence. */
export const ROWS: Readonly<Record<string, readonly number[]>> = {
  ReduceMax: [13, 18, 20],
  ReduceMin: [13, 18, 20],
  TopK: [11],
};

export function* tryRow(op: Operator, index: number): Trial {
  const from = inputType(op, 0);
  const here = locate(op.outputTypes[0], index);
  if (op.name !== 'TopK') {
    const mask = natural(op, 0);
    const row = yield* readRow(op, mask, restored(from, mask, natural(op, 1) !== 0, here));
    return extreme(row, from.dtype, op.name === 'ReduceMax');
  }
  const axis = natural(op, 0);
  const row = yield* readRow(op, 1 << axis, here);
  const rankOf = (bits: bigint) => rank(bits, from.dtype, natural(op, 1) !== 0);
  return natural(op, 2) !== 0
    ? rankedIndex(row, from.dtype, rankOf, here[axis])
    : rankedValue(row, from.dtype, rankOf, here[axis]);
}

function* readRow(op: Operator, mask: number, here: readonly number[]): Generator<Need, bigint[], Uint8Array> {
  const from = inputType(op, 0);
  const { size } = DTYPES[from.dtype];
  const { number, length } = rowAt(from, mask, here);
  const bytes = yield { slot: 0, offset: number * length * size, length: length * size };
  return Array.from({ length }, (_, i) => readElement(bytes.subarray(i * size, (i + 1) * size)));
}

type RankOf = (bits: bigint) => bigint;

/** Of equal elements the one with the lower index comes first; flushed ones may be equal or not. */
function rankedIndex(row: readonly bigint[], dtype: DType, rankOf: RankOf, place: number): Permitted {
  const inside = (claimed: bigint) => claimed < BigInt(row.length);
  if (row.some((bits) => unordered(bits, dtype))) return permit(inside, () => 'any index: a NaN has no order');
  const good = (index: number): boolean => {
    let [sure, possible] = [0, 0];
    for (const [i, bits] of row.entries()) {
      if (i === index) continue;
      const lead = rankOf(bits) - rankOf(row[index]);
      const beats = lead > 0n || (lead === 0n && i < index);
      const flushed = isTiny(bits, dtype) && isTiny(row[index], dtype) ? i < index : beats;
      if (beats && flushed) sure++;
      if (beats || flushed) possible++;
    }
    return sure <= place && place <= possible;
  };
  return permit(
    (claimed) => inside(claimed) && good(Number(claimed)),
    () => `the index of the element of rank ${place}`,
  );
}

function rankedValue(row: readonly bigint[], dtype: DType, rankOf: RankOf, place: number): Permitted {
  const odd = row.some((bits) => unordered(bits, dtype));
  const members = new Set(row.flatMap((bits) => (isTiny(bits, dtype) ? [bits, bits & SIGN] : [bits])));
  if (odd) {
    return permit(
      (claimed) => members.has(claimed) || unordered(claimed, dtype),
      () => 'NaN or any of the row',
    );
  }
  const good = (claimed: bigint): boolean => {
    const tiny = isTiny(claimed, dtype);
    const alike = (bits: bigint) => tiny && isTiny(bits, dtype);
    const sure = row.filter((bits) => rankOf(bits) > rankOf(claimed) && !alike(bits)).length;
    const possible = row.filter((bits) => rankOf(bits) >= rankOf(claimed) || alike(bits)).length;
    return sure <= place && place < possible;
  };
  return permit(
    (claimed) => members.has(claimed) && good(claimed),
    () => `the element of rank ${place}`,
  );
}

export function admitRow(op: Operator): void {
  const from = op.inputTypes[0];
  const to = op.outputTypes[0];
  if (!from || op.inputs.length !== 1) refuse(op, 'it must have one operand');
  if (from.dtype !== 'float32' && !isInteger(from.dtype)) refuse(op, `its operand cannot be ${from.dtype}`);
  const ranked = op.name === 'TopK';
  const result = ranked && natural(op, 2) !== 0 ? 'int64' : from.dtype;
  if (to.dtype !== result) refuse(op, `its output is ${to.dtype}, not ${result}`);
  if (!ranked) {
    admitReduction(op);
    return;
  }
  const axis = natural(op, 0);
  natural(op, 1);
  if (axis >= from.dims.length || from.dims[axis] === 0) refuse(op, `axis ${axis} is absent or empty`);
  admitRows(op, 1 << axis);
  const fits = to.dims[axis] <= from.dims[axis] && `${to.dims.with(axis, 0)}` === `${from.dims.with(axis, 0)}`;
  if (!fits) refuse(op, 'its output shape does not fit its axis');
}

export function worstRow(op: Operator): { bytes: number; gas: number } {
  const from = inputType(op, 0);
  const mask = op.name === 'TopK' ? 1 << natural(op, 0) : natural(op, 0);
  const { length } = rowAt(from, mask, from.dims);
  return { bytes: 9 + length * DTYPES[from.dtype].size, gas: 25_000 + 1_000 * from.dims.length + 1_100 * length };
}
