import { DTYPES, type DType, type Operator } from '../program/types.ts';
import { indexOf, locate } from './coordinates.ts';
import { anything, element, inputType, isInteger } from './elements.ts';
import type { Judge, Permitted, Trial } from './judge.ts';
import { extreme, isTiny, rank, unordered } from './order-ranks.ts';
import { admitRow, ROWS, tryRow, worstRow } from './order-rows.ts';
import { admitWindow, windowOf } from './pool-window.ts';
import { checkVersion, natural, refuse } from './refuse.ts';

/**
 * Operators that compare elements and choose one: ArgMax, ArgMin, MaxPool, ReduceMax, ReduceMin and TopK. -0 equals +0.
 * Devices may flush subnormals to zero, so these may be told apart or not.
 */
export const orderJudge: Judge = {
  contract: 'OrderJudge',
  versions: { ArgMax: [13], ArgMin: [13], MaxPool: [12, 22], ...ROWS },

  admit(op) {
    checkVersion(orderJudge, op);
    if (op.outputTypes.length !== 1) refuse(op, 'it must have one output');
    if (isArg(op)) admitArg(op);
    else if (isRow(op)) admitRow(op);
    else admitPool(op);
  },

  try(op, _numerics, _output, index, claimed, witness): Trial {
    if (isRow(op)) return tryRow(op, index);
    return isArg(op) ? tryArg(op, index, claimed, witness) : tryPool(op, index);
  },

  *witness(op, _output, index, claimed) {
    if (!isArg(op)) throw new RangeError('only ArgMax and ArgMin have witnesses');
    const row = readRow(op, index);
    if (claimed >= BigInt(row.length)) return row.at(0);
    const { dtype } = inputType(op, 0);
    const own = Number(claimed);
    const mine = yield* element(op, 0, row.at(own));
    let [best, bits] = [own, mine];
    for (let place = 0; place < row.length; place++) {
      const rival = yield* element(op, 0, row.at(place));
      if (!refutes(op, dtype, rival, place, mine, own)) continue;
      if (best === own || beats(op, dtype, rival, place, bits, best)) [best, bits] = [place, rival];
    }
    return row.at(best);
  },

  worst(op) {
    if (isRow(op)) return worstRow(op);
    const { size } = DTYPES[inputType(op, 0).dtype];
    if (isArg(op)) return { bytes: 2 * (9 + size), gas: 12_000 + 2_000 * inputType(op, 0).dims.length };
    const steps = natural(op, 0) * natural(op, 1);
    return { bytes: steps * (9 + size), gas: 20_000 + 4_000 * steps };
  },
};

const isArg = (op: Operator): boolean => op.name === 'ArgMax' || op.name === 'ArgMin';
const isRow = (op: Operator): boolean => Object.hasOwn(ROWS, op.name);

/** Whether the tie rule prefers place `i` to place `j`. */
const precedes = (op: Operator, i: number, j: number): boolean => (natural(op, 2) !== 0 ? i > j : i < j);

/** Whether element `a` at place `i` of the axis is chosen before element `b` at place `j`. */
function beats(op: Operator, dtype: DType, a: bigint, i: number, b: bigint, j: number): boolean {
  const lead = op.name === 'ArgMax' ? rank(a, dtype) - rank(b, dtype) : rank(b, dtype) - rank(a, dtype);
  return lead !== 0n ? lead > 0n : precedes(op, i, j);
}

/** Whether no honest device chooses element `b` at place `j` where element `a` stands at place `i`. */
function refutes(op: Operator, dtype: DType, a: bigint, i: number, b: bigint, j: number): boolean {
  if (unordered(a, dtype) || unordered(b, dtype) || !beats(op, dtype, a, i, b, j)) return false;
  return precedes(op, i, j) || !(isTiny(a, dtype) && isTiny(b, dtype));
}

/** The row that output element `index` is chosen from: its length, and the physical index of each place. */
function readRow(op: Operator, index: number): { length: number; at(place: number): number } {
  const from = inputType(op, 0);
  const axis = natural(op, 0);
  const here = locate(op.outputTypes[0], index);
  const row = natural(op, 1) !== 0 ? here : here.toSpliced(axis, 0, 0);
  return { length: from.dims[axis], at: (place) => indexOf(from, row.with(axis, place)) };
}

function* tryArg(op: Operator, index: number, claimed: bigint, witness?: number): Trial {
  const from = inputType(op, 0);
  const row = readRow(op, index);
  if (claimed >= BigInt(row.length)) return judged(claimed, false, `an index below ${row.length}`);
  const place = Number(claimed);
  const own = row.at(place);
  if (witness === undefined || witness === own) {
    yield* element(op, 0, own);
    return judged(claimed, true, 'the index claimed, since no witness speaks against it');
  }
  const rival = locate(from, witness)[natural(op, 0)];
  if (row.at(rival) !== witness)
    throw new RangeError(`element ${witness} is not in the row of output element ${index}`);
  const bits = new Map<number, bigint>();
  for (const at of [own, witness].toSorted((a, b) => a - b)) bits.set(at, yield* element(op, 0, at));
  const mine = bits.get(own)!;
  const theirs = bits.get(witness)!;
  if (unordered(mine, from.dtype) || unordered(theirs, from.dtype)) return anything('a NaN has no order');
  const lost = refutes(op, from.dtype, theirs, rival, mine, place);
  return judged(claimed, !lost, `index ${lost ? rival : place} before ${lost ? place : rival}`);
}

/** What is permitted where the evidence was chosen for one claimed value. */
function judged(claimed: bigint, good: boolean, words: string): Permitted {
  return {
    verdict(other) {
      if (other !== claimed) throw new RangeError(`this trial was of ${claimed}`);
      return good ? 'permitted' : 'convicted';
    },
    describe: () => words,
  };
}

function* tryPool(op: Operator, index: number): Trial {
  const from = inputType(op, 0);
  const seen: bigint[] = [];
  for (const at of windowOf(op, from, locate(op.outputTypes[0], index))) seen.push(yield* element(op, 0, at));
  return extreme(seen, from.dtype);
}

function admitArg(op: Operator): void {
  const from = op.inputTypes[0];
  if (!from || op.inputs.length !== 1) refuse(op, 'it must have one operand');
  if (from.dtype !== 'float32' && !isInteger(from.dtype)) refuse(op, `its operand cannot be ${from.dtype}`);
  if (op.outputTypes[0].dtype !== 'int64') refuse(op, 'its output must be int64');
  const axis = natural(op, 0);
  if (axis >= from.dims.length || from.dims[axis] === 0) refuse(op, `axis ${axis} is absent or empty`);
  const dims = natural(op, 1) !== 0 ? from.dims.with(axis, 1) : from.dims.toSpliced(axis, 1);
  if (`${dims}` !== `${op.outputTypes[0].dims}`) refuse(op, 'its output shape does not fit its axis and keepdims');
  natural(op, 2);
}

function admitPool(op: Operator): void {
  const from = op.inputTypes[0];
  if (!from || op.inputs.length !== 1) refuse(op, 'it must have one operand');
  if (!['float32', 'int8', 'uint8'].includes(from.dtype)) refuse(op, `its operand cannot be ${from.dtype}`);
  admitWindow(op);
}
