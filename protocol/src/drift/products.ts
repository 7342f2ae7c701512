import { broadcast, indexOf } from '../judges/coordinates.ts';
import { dotTerms } from '../judges/dot.ts';
import { dotFactors, longestChain } from '../judges/dot-chain.ts';
import { gemmRows, matmulRows } from '../judges/dot-rows.ts';
import { window } from '../judges/dot-window.ts';
import { elementCount, type Operator } from '../program/types.ts';
import type { Linear } from './linear.ts';

/** Terms side by side in both operands: `length` of them from these elements on. */
export interface Run {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** The terms of one element of a MatMul, Gemm or Conv, by physical elements of its operands. */
export function runsOf(op: Operator, element: number): Run[] {
  if (op.name === 'Conv') {
    const { runs, filter, terms } = window(op, element);
    return runs.map((run) => ({ a: run.image, b: filter * terms + run.filter, length: run.length }));
  }
  const { a, b, terms } = op.name === 'Gemm' ? gemmRows(op, element) : matmulRows(op, element);
  return [{ a: a * terms, b: b * terms, length: terms }];
}

/** The physical element of operand 2 that is added to an element. */
export function biasOf(op: Operator, element: number): number | undefined {
  const bias = op.inputTypes[2];
  if (!bias) return undefined;
  return op.name === 'Conv' ? window(op, element).filter : indexOf(bias, broadcast(bias, gemmRows(op, element).here));
}

/** MatMul, Gemm and Conv on these operands, each element's terms found once. */
export function linearProduct(op: Operator, operands: readonly (Float32Array | null)[], exact: boolean): Linear {
  const count = elementCount(op.outputTypes[0]);
  const [a, b, c] = operands as [Float32Array, Float32Array, Float32Array | null | undefined];
  const runs = Array.from({ length: count }, (_, element) => runsOf(op, element));
  const biases = Array.from({ length: count }, (_, element) => biasOf(op, element));
  const { sharp, contract } = dotFactors(dotTerms(op), longestChain(op));
  const magnitudes = Float64Array.from(runs, (parts, element) => {
    if (exact) return 0;
    let sum = biases[element] === undefined ? 0 : Math.abs(c![biases[element]]);
    for (const run of parts) for (let i = 0; i < run.length; i++) sum += Math.abs(a[run.a + i] * b[run.b + i]);
    return sum * 2 ** -24;
  });
  // an honest element may lie off the exact sum by as much as the tier allows, and be pushed to the other side
  const band = (factor: number): Float64Array => magnitudes.map((m) => m * factor);
  return {
    sharp: band(sharp),
    contract: band(contract),
    jumps: false,
    pull(sensitivity, into) {
      const [da, db, dc] = [into(0), into(1), c ? into(2) : null];
      for (const [element, s] of sensitivity.entries()) {
        if (s === 0) continue;
        for (const run of runs[element]) {
          if (da) for (let i = 0; i < run.length; i++) da[run.a + i] += s * b[run.b + i];
          if (db) for (let i = 0; i < run.length; i++) db[run.b + i] += s * a[run.a + i];
        }
        if (dc) dc[biases[element]!] += s;
      }
    },
  };
}
