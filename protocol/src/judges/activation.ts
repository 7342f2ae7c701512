import { DTYPES, type Operator } from '../program/types.ts';
import { decideActivation, describeActivation } from './activation-verdict.ts';
import { broadcast, indexOf, locate } from './coordinates.ts';
import { element, inputType } from './elements.ts';
import { numberOfBits } from './float32.ts';
import type { Decide } from './interval.ts';
import type { Judge, Permitted, Trial } from './judge.ts';
import { decidePower } from './power.ts';
import { checkBroadcast, checkVersion, natural, refuse } from './refuse.ts';

/** How many attribute words each function has. */
const WORDS: Readonly<Record<string, number>> = { Gelu: 1, HardSigmoid: 2, Elu: 1 };
/** 2^32: coefficients of HardSigmoid lie within. */
const GREATEST_COEFFICIENT = 0x4f800000;

const words = (op: Operator): number[] => Array.from({ length: WORDS[op.name] ?? 0 }, (_, i) => natural(op, i));

/** Transcendental functions of one element, and powers: a bound on the error, absolute where the function saturates. */
export const activationJudge: Judge = {
  contract: 'ActivationJudge',
  versions: {
    Exp: [6, 13],
    Log: [6, 13],
    Erf: [9, 13],
    Tanh: [6, 13],
    Sigmoid: [6, 13],
    Softplus: [1, 22],
    Gelu: [20],
    HardSwish: [14, 22],
    HardSigmoid: [6, 22],
    Elu: [6, 22],
    Sin: [7, 22],
    Cos: [7, 22],
    Reciprocal: [6, 13],
    Pow: [7, 12, 13, 15],
  },

  admit(op) {
    checkVersion(activationJudge, op);
    const count = op.name === 'Pow' ? 2 : 1;
    if (op.inputTypes.length !== count || op.outputTypes.length !== 1) refuse(op, `it must have ${count} operands`);
    const to = op.outputTypes[0];
    if (to.dtype !== 'float32') refuse(op, `its output is ${to.dtype}, not float32`);
    for (const [slot, type] of op.inputTypes.entries()) {
      if (type?.dtype !== 'float32') refuse(op, `operand ${slot} is ${type?.dtype ?? 'missing'}, not float32`);
      checkBroadcast(op, type, to);
    }
    const values = words(op);
    const most = op.name === 'HardSigmoid' ? GREATEST_COEFFICIENT : 0x7f7fffff;
    for (const [i, bits] of values.entries()) {
      if ((bits & 0x7fffffff) > most) refuse(op, `attribute word ${i} is ${numberOfBits(bits)}`);
    }
  },

  *try(op, _numerics, _output, index): Trial {
    const here = locate(op.outputTypes[0], index);
    const x: number[] = [];
    for (const slot of op.inputs.keys()) {
      const type = inputType(op, slot);
      x.push(Number(yield* element(op, slot, indexOf(type, broadcast(type, here)))));
    }
    if (op.name === 'Pow') {
      const [base, power] = x.map(numberOfBits);
      return judged(decidePower(x[0], x[1]), () => `about ${base ** power}`);
    }
    const values = words(op);
    return judged(decideActivation(op.name, x[0], values), () => describeActivation(op.name, x[0], values));
  },

  worst(op) {
    const operands = op.inputs.length;
    return { bytes: operands * (9 + DTYPES.float32.size), gas: 30_000 + 10_000 * operands };
  },
};

const judged = (decide: Decide, describe: () => string): Permitted => ({
  verdict: (claimed) => (claimed >> 32n === 0n ? decide(Number(claimed)) : 'convicted'),
  describe,
});
