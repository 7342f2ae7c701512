import { columnTensor, EssaimError, type Range, rowBytes } from '@essaim/protocol';
import type { BatchTensor, LocalColumn } from './local.ts';

/** DATASET_NO_ROW unless every index is a row. */
export function requireRows(indices: readonly number[], rows: number): void {
  const wrong = indices.find((row) => !Number.isInteger(row) || row < 0 || row >= rows);
  if (wrong === undefined) return;
  throw new EssaimError('DATASET_NO_ROW', `there is no row ${wrong} among ${rows}`, { help: 'rows count from 0' });
}

/** The tensors of a batch from a reader of ranges, which are asked for once, ascending, neighbours together. */
export async function gather(
  columns: readonly LocalColumn[],
  indices: readonly number[],
  read: (column: number, ranges: readonly Range[]) => Promise<Uint8Array[]>,
): Promise<BatchTensor[]> {
  const sorted = [...new Set(indices)].sort((a, b) => a - b);
  return Promise.all(
    columns.map(async (column, c) => {
      const size = rowBytes(column);
      const found = await read(
        c,
        sorted.map((row) => ({ offset: row * size, length: size })),
      );
      const at = new Map(sorted.map((row, i) => [row, found[i]]));
      const bytes = new Uint8Array(indices.length * size);
      indices.forEach((row, i) => {
        bytes.set(at.get(row)!, i * size);
      });
      return { name: column.name, type: columnTensor(column, indices.length), bytes };
    }),
  );
}
