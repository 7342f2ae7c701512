import { layoutOf } from '../commitments/type.ts';
import type { Operator, TensorType } from '../program/types.ts';
import { broadcast, locate } from './coordinates.ts';
import { inputType } from './elements.ts';
import { natural, refuse } from './refuse.ts';

/** The two rows of terms whose dot product an element is, by number among all rows of the stored operand. */
export interface Rows {
  readonly terms: number;
  readonly a: number;
  readonly b: number;
  /** Row and column within their matrices. */
  readonly row: number;
  readonly column: number;
  /** Logical coordinates of the element. */
  readonly here: readonly number[];
}

/** Refuses a MatMul (or MatMulInteger) whose operands do not lie or fit as the contract needs. */
export function admitMatmul(op: Operator): void {
  const [a, b, y] = [inputType(op, 0), inputType(op, 1), op.outputTypes[0]];
  if (a.dims.length === 0 || a.layout !== 0) refuse(op, 'its first operand must be row-major');
  if (b.dims.length === 0 || b.layout !== lastAxesSwapped(b.dims.length)) {
    refuse(op, 'its second operand must be stored with the last two axes swapped');
  }
  const terms = a.dims.at(-1)!;
  if (terms === 0 || terms !== b.dims.at(b.dims.length < 2 ? 0 : -2))
    refuse(op, `[${a.dims}] · [${b.dims}] does not fit`);
  const batch = (type: TensorType): number[] => type.dims.slice(0, -2);
  const matrices = Math.max(batch(a).length, batch(b).length);
  const expected = broadcastDims(batch(a), batch(b), matrices);
  if (a.dims.length > 1) expected?.push(a.dims.at(-2)!);
  if (b.dims.length > 1) expected?.push(b.dims.at(-1)!);
  if (!expected || expected.join() !== y.dims.join()) refuse(op, `its output cannot be [${y.dims}]`);
}

export function matmulRows(op: Operator, element: number): Rows {
  const [a, b] = [inputType(op, 0), inputType(op, 1)];
  const here = locate(op.outputTypes[0], element);
  const rest = [...here];
  const column = b.dims.length > 1 ? rest.pop()! : 0;
  const row = a.dims.length > 1 ? rest.pop()! : 0;
  return {
    terms: a.dims.at(-1)!,
    a: matrix(a, rest) * (a.dims.at(-2) ?? 1) + row,
    b: matrix(b, rest) * (b.dims.length > 1 ? b.dims.at(-1)! : 1) + column,
    row,
    column,
    here,
  };
}

/** Refuses a Gemm with factors or types that the contract does not take. */
export function admitGemm(op: Operator): void {
  const [transA, transB] = [natural(op, 0) !== 0, natural(op, 1) !== 0];
  const one = 0x3f800000;
  if (natural(op, 2) !== one || natural(op, 3) !== one) refuse(op, 'alpha and beta must be 1');
  const [a, b, y] = [inputType(op, 0), inputType(op, 1), op.outputTypes[0]];
  if (a.dims.length !== 2 || a.layout !== (transA ? 1 : 0))
    refuse(op, 'its first operand must have its terms innermost');
  if (b.dims.length !== 2 || b.layout !== (transB ? 0 : 1))
    refuse(op, 'its second operand must have its terms innermost');
  const terms = a.dims[transA ? 0 : 1];
  if (terms === 0 || terms !== b.dims[transB ? 1 : 0]) refuse(op, `[${a.dims}] · [${b.dims}] does not fit`);
  const expected = [a.dims[transA ? 1 : 0], b.dims[transB ? 0 : 1]];
  if (expected.join() !== y.dims.join()) refuse(op, `its output cannot be [${y.dims}]`);
}

export function gemmRows(op: Operator, element: number): Rows {
  const here = locate(op.outputTypes[0], element);
  const [row, column] = here;
  return { terms: inputType(op, 0).dims[natural(op, 0) ? 0 : 1], a: row, b: column, row, column, here };
}

export function lastAxesSwapped(rank: number): number {
  const axes = Array.from({ length: rank }, (_, i) => i);
  return layoutOf(rank < 2 ? axes : [...axes.slice(0, -2), rank - 1, rank - 2]);
}

/** Number of an operand's matrix at the element's leading coordinates. */
function matrix(type: TensorType, leading: readonly number[]): number {
  const dims = type.dims.slice(0, -2);
  return broadcast({ ...type, dims }, leading).reduce((index, at, axis) => index * dims[axis] + at, 0);
}

function broadcastDims(a: readonly number[], b: readonly number[], rank: number): number[] | undefined {
  const dims: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) return undefined;
    dims.push(x === 1 ? y : x);
  }
  return dims;
}
