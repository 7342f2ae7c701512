import { axesOf } from '../commitments/type.ts';
import { DTYPES, type DType, type Operator, type TensorType } from '../program/types.ts';
import { indexOf, locate } from './coordinates.ts';
import { anything, element, inputType, isInteger, isNaNBits, numberOf, show } from './elements.ts';
import type { Judge, Permitted, Trial } from './judge.ts';
import { checkCover } from './pool-cover.ts';
import { checkVersion, natural, refuse } from './refuse.ts';

/** The lowest finite float, where some engines start a maximum. */
const LOWEST = 0xff7fffffn;
const MINUS_INFINITY = -0x7f800000n;
const LEAST_NORMAL = 0x00800000n;
const SIGN = 0x80000000n;

/**
 * Operators that compare elements and choose one: ArgMax, ArgMin and MaxPool. -0 equals +0. Devices may flush subnormals
 * to zero, so these may be told apart or not.
 */
export const orderJudge: Judge = {
  contract: 'OrderJudge',
  versions: { ArgMax: [13], ArgMin: [13], MaxPool: [12, 22] },

  admit(op) {
    checkVersion(orderJudge, op);
    if (op.outputTypes.length !== 1) refuse(op, 'it must have one output');
    if (isArg(op)) admitArg(op);
    else admitPool(op);
  },

  try(op, _numerics, _output, index, claimed, witness): Trial {
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
    const { size } = DTYPES[inputType(op, 0).dtype];
    if (isArg(op)) return { bytes: 2 * (9 + size), gas: 12_000 + 2_000 * inputType(op, 0).dims.length };
    const steps = natural(op, 0) * natural(op, 1);
    return { bytes: steps * (9 + size), gas: 20_000 + 4_000 * steps };
  },
};

const isArg = (op: Operator): boolean => op.name === 'ArgMax' || op.name === 'ArgMin';
const unordered = (bits: bigint, dtype: DType): boolean => dtype === 'float32' && isNaNBits(bits);

/** Whether the element is a zero or a subnormal float. */
const isTiny = (bits: bigint, dtype: DType): boolean => dtype === 'float32' && (bits & ~SIGN) < LEAST_NORMAL;

/** A number that orders elements of a type as their values do. */
function rank(bits: bigint, dtype: DType): bigint {
  if (dtype !== 'float32') return numberOf(bits, dtype);
  const magnitude = bits & 0x7fffffffn;
  return bits >> 31n === 0n ? magnitude : -magnitude;
}

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
  const dtype = from.dtype;
  const seen: bigint[] = [];
  for (const at of windowOf(op, from, locate(op.outputTypes[0], index))) seen.push(yield* element(op, 0, at));
  if (seen.length === 0) return anything('the window lies in the padding');
  const tiny = seen.filter((bits) => isTiny(bits, dtype)).flatMap((bits) => [bits, bits & SIGN]);
  if (seen.some((bits) => unordered(bits, dtype))) {
    const good = [...seen, ...tiny, LOWEST];
    return permit(
      (claimed) => good.includes(claimed) || unordered(claimed, dtype),
      () => 'NaN or any of the window',
    );
  }
  const best = seen.reduce((a, b) => (rank(a, dtype) >= rank(b, dtype) ? a : b));
  const winners = isTiny(best, dtype) ? tiny : seen.filter((bits) => rank(bits, dtype) === rank(best, dtype));
  if (dtype === 'float32' && rank(best, dtype) === MINUS_INFINITY) winners.push(LOWEST);
  return permit(
    (claimed) => winners.includes(claimed),
    () => `exactly ${show(best, dtype)}`,
  );
}

const permit = (good: (claimed: bigint) => boolean, describe: () => string): Permitted => ({
  verdict: (claimed) => (good(claimed) ? 'permitted' : 'convicted'),
  describe,
});

/** Physical indices of a pooling window's elements inside the image, ascending. */
function* windowOf(op: Operator, from: TensorType, here: readonly number[]): Generator<number> {
  const [kh, kw, sy, sx, py, px, dy, dx] = Array.from({ length: 8 }, (_, i) => natural(op, i));
  const order = axesOf(from);
  const rowsFirst = order.indexOf(2) < order.indexOf(3);
  for (let i = 0; i < kh * kw; i++) {
    const [ky, kx] = rowsFirst ? [Math.floor(i / kw), i % kw] : [i % kh, Math.floor(i / kh)];
    const y = here[2] * sy - py + ky * dy;
    const x = here[3] * sx - px + kx * dx;
    if (y >= 0 && x >= 0 && y < from.dims[2] && x < from.dims[3]) yield indexOf(from, [here[0], here[1], y, x]);
  }
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
  const to = op.outputTypes[0];
  if (!from || op.inputs.length !== 1) refuse(op, 'it must have one operand');
  if (!['float32', 'int8', 'uint8'].includes(from.dtype)) refuse(op, `its operand cannot be ${from.dtype}`);
  if (to.dtype !== from.dtype) refuse(op, 'its output must have its operand’s type');
  if (from.dims.length !== 4 || to.dims.length !== 4) refuse(op, 'only two-dimensional pooling is judged');
  if (from.dims[0] !== to.dims[0] || from.dims[1] !== to.dims[1]) refuse(op, 'batch and channels must stay');
  for (let i = 0; i < 8; i++) if (natural(op, i) === 0 && i !== 4 && i !== 5) refuse(op, `attribute word ${i} is 0`);
  checkCover(op);
}
