import type { Range } from '../faults/parts.ts';
import { byteLength, DTYPES, type DType, type TensorType } from '../program/types.ts';

/** One typed column of a data set: each row is a tensor of this element type and shape. */
export interface ColumnType {
  readonly dtype: DType;
  /** Dimensions of one row; empty for a scalar. */
  readonly shape: readonly number[];
}

/** The one row-major tensor that a column of `rows` rows is, of dimensions [rows, …shape]. */
export const columnTensor = ({ dtype, shape }: ColumnType, rows: number): TensorType => ({
  dtype,
  layout: 0,
  dims: [rows, ...shape],
});

/** Bytes of one row. */
export const rowBytes = (column: ColumnType): number => byteLength(columnTensor(column, 1));

/** Where rows lie in a column's bytes. */
export const rowRange = (column: ColumnType, row: number, rows = 1): Range => ({
  offset: row * rowBytes(column),
  length: rows * rowBytes(column),
});

/** As graphs write it: `float32[8, 8]`. */
export const showColumn = ({ dtype, shape }: ColumnType): string => `${dtype}[${shape.join(', ')}]`;

/** Whether two columns' rows have the same type. */
export const sameColumn = (a: ColumnType, b: ColumnType): boolean =>
  a.dtype === b.dtype && a.shape.length === b.shape.length && a.shape.every((d, i) => d === b.shape[i]);

export const elementBytes = ({ dtype }: ColumnType): number => DTYPES[dtype].size;
