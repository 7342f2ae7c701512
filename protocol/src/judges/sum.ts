import { DTYPES, type Operator } from '../program/types.ts';
import { broadcast, indexOf, locate } from './coordinates.ts';
import type { Factors } from './dot-chain.ts';
import { dotInterval, MAX_TERMS } from './dot-interval.ts';
import { anything, exactly, inputType, numberOf, readElement, wrap } from './elements.ts';
import { bitsOf } from './float32.ts';
import type { Judge, Permitted, Trial } from './judge.ts';
import { admitWindow, windowOf } from './pool-window.ts';
import { admitReduction, admitRows, restored, rowAt } from './reduction.ts';
import { checkBroadcast, checkVersion, natural, refuse } from './refuse.ts';

const REDUCES = ['ReduceSum', 'ReduceMean'];
const POOLED = 'AveragePool';
const RUNNING = 'CumSum';
const ONE = 0x3f800000;
const INFINITE = 0x7f800000n;

/**
 * Sums and means. Engines add up in any order and in chains of any length: n + 2 units of 2^-24 of the sum of
 * magnitudes, 8 (√n + 2) on natural data; no width where every order is exact, which a mean is only where n is a power
 * of two. Integers wrap.
 */
export const sumJudge: Judge = {
  contract: 'SumJudge',
  versions: {
    ReduceSum: [13],
    ReduceMean: [13, 18],
    AveragePool: [11, 19, 22],
    CumSum: [11, 14],
    Sum: [13],
    Mean: [13],
  },

  admit(op) {
    checkVersion(sumJudge, op);
    if (op.outputTypes.length !== 1) refuse(op, 'it must have one output');
    const { dtype } = op.outputTypes[0];
    for (const [slot, type] of op.inputTypes.entries()) {
      if (type?.dtype !== dtype) refuse(op, `operand ${slot} is ${type?.dtype}, its output ${dtype}`);
    }
    const integers = op.name === 'ReduceSum' || op.name === RUNNING;
    if (dtype !== 'float32' && !(integers && (dtype === 'int32' || dtype === 'int64'))) {
      refuse(op, `its operands cannot be ${dtype}`);
    }
    if (op.inputs.length < 1 || (!isVariadic(op) && op.inputs.length > 1)) refuse(op, 'it must have one operand');
    if (REDUCES.includes(op.name)) admitReduction(op);
    else if (op.name === RUNNING) admitRunning(op);
    else if (op.name === POOLED) {
      admitWindow(op);
      natural(op, 8);
    } else for (const type of op.inputTypes) checkBroadcast(op, type!, op.outputTypes[0]);
    if (terms(op) > MAX_TERMS) refuse(op, `${terms(op)} terms are more than ${MAX_TERMS}`);
  },

  try(op, _numerics, _output, index): Trial {
    const here = locate(op.outputTypes[0], index);
    if (REDUCES.includes(op.name)) return tryReduced(op, here);
    if (op.name === RUNNING) return tryRunning(op, here);
    return op.name === POOLED ? tryPooled(op, here) : tryOperands(op, here);
  },

  worst(op) {
    const n = terms(op);
    const { size } = DTYPES[op.outputTypes[0].dtype];
    const apart = isVariadic(op) || op.name === POOLED;
    const bytes = n * size + 9 * (apart ? n : 1);
    const words = n / 4;
    return { bytes, gas: Math.ceil(35_000 + n * (apart ? 5_500 : 900) + words * 6 + words ** 2 / 512) };
  },
};

const isVariadic = (op: Operator): boolean => op.name === 'Sum' || op.name === 'Mean';

function terms(op: Operator): number {
  const from = inputType(op, 0);
  if (REDUCES.includes(op.name)) return rowAt(from, natural(op, 0), from.dims).length;
  if (op.name === RUNNING) return from.dims[natural(op, 0)];
  return op.name === POOLED ? natural(op, 0) * natural(op, 1) : op.inputs.length;
}

function tryReduced(op: Operator, here: readonly number[]): Trial {
  const from = inputType(op, 0);
  const mask = natural(op, 0);
  const { number, length } = rowAt(from, mask, restored(from, mask, natural(op, 1) !== 0, here));
  return tryRow(op, number * length, length, op.name === 'ReduceMean' ? length : 1);
}

function tryRunning(op: Operator, here: readonly number[]): Trial {
  const axis = natural(op, 0);
  const { number, length } = rowAt(inputType(op, 0), 1 << axis, here);
  const own = natural(op, 1) !== 0 ? 0 : 1;
  const place = here[axis];
  if (natural(op, 2) === 0) return tryRow(op, number * length, place + own, 1);
  return tryRow(op, number * length + place + 1 - own, length - place - 1 + own, 1);
}

/** The sum of the elements of one range, divided by `divisor`. */
function* tryRow(op: Operator, first: number, length: number, divisor: number): Trial {
  const { dtype } = inputType(op, 0);
  const { size } = DTYPES[dtype];
  const bytes = length === 0 ? new Uint8Array(0) : yield { slot: 0, offset: first * size, length: length * size };
  const elements = Array.from({ length }, (_, i) => readElement(bytes.subarray(i * size, (i + 1) * size)));
  if (dtype === 'float32') return quotient(Uint32Array.from(elements, Number), divisor);
  return exactly(
    wrap(
      elements.reduce((sum, bits) => sum + numberOf(bits, dtype), 0n),
      dtype,
    ),
    dtype,
  );
}

function* tryPooled(op: Operator, here: readonly number[]): Trial {
  const from = inputType(op, 0);
  const seen: number[] = [];
  for (const at of windowOf(op, from, here)) {
    seen.push(Number(readElement(yield { slot: 0, offset: 4 * at, length: 4 })));
  }
  if (seen.length === 0) return anything('the window lies in the padding');
  return quotient(Uint32Array.from(seen), natural(op, 8) !== 0 ? terms(op) : seen.length);
}

function* tryOperands(op: Operator, here: readonly number[]): Trial {
  const seen: number[] = [];
  for (const [slot, type] of op.inputTypes.entries()) {
    const at = indexOf(type!, broadcast(type!, here));
    seen.push(Number(readElement(yield { slot, offset: 4 * at, length: 4 })));
  }
  return quotient(Uint32Array.from(seen), op.name === 'Mean' ? seen.length : 1);
}

/** What a sum divided by `divisor` may be. An infinite claim may have overflowed before its division. */
function quotient(a: Uint32Array, divisor: number): Permitted {
  const n = a.length;
  const sharp = 8 * (Math.floor(Math.sqrt(n)) + 2);
  const factors: Factors = {
    sharp,
    contract: Math.max(n + 2, sharp),
    rounded: (divisor & (divisor - 1)) !== 0,
  };
  const times = (factor: number) => dotInterval(a, new Uint32Array(n).fill(factor), factors);
  const finite = times(divisor === 1 ? ONE : bitsOf(1 / divisor));
  return {
    verdict: (claimed) => ((claimed & 0x7fffffffn) < INFINITE ? finite : times(ONE)).verdict(claimed),
    describe: () => finite.describe(),
  };
}

function admitRunning(op: Operator): void {
  const from = inputType(op, 0);
  const axis = natural(op, 0);
  natural(op, 1);
  natural(op, 2);
  if (axis >= from.dims.length || `${from.dims}` !== `${op.outputTypes[0].dims}`) refuse(op, 'its axis does not fit');
  admitRows(op, 1 << axis);
}
