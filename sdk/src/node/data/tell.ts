import { columnTensor, type ElementLimits, elementCount, showColumn } from '@essaim/protocol';
import { decodeElements } from '../../datasets/elements.ts';
import type { BatchSource } from '../../datasets/local.ts';

/** Prints a value as JSON on standard output; integers beyond 2^53 as text. */
export const print = (value: unknown, indent?: number): void =>
  console.log(JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? safe(item) : item), indent));

const safe = (value: bigint): number | string =>
  value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : String(value);

/** Columns as a person reads them, `x` to `float32[64]`; labels by their number. */
export const columnsOf = ({ columns }: Pick<BatchSource, 'columns'>) =>
  Object.fromEntries(
    columns.map((column) => [column.name, column.labels ? labelled(column, column.labels) : showColumn(column)]),
  );

function labelled(column: Parameters<typeof showColumn>[0], labels: readonly string[]) {
  const shown = labels.length > 32 ? [...labels.slice(0, 32), `… ${labels.length - 32} more`] : labels;
  return { type: showColumn(column), labels: shown };
}

/** What each column's elements lie between, `0 … 16`. */
export const limitsOf = ({ columns }: Pick<BatchSource, 'columns'>, limits: readonly ElementLimits[]) =>
  Object.fromEntries(
    limits.map(({ low, high, nan }, c) => [columns[c].name, `${low} … ${high}${nan ? ', and NaN' : ''}`]),
  );

/** Prints rows, a line each: a column's elements as a flat list, a scalar as itself, a category as its label. */
export async function printRows(dataset: BatchSource, indices: readonly number[]): Promise<void> {
  const tensors = await dataset.gatherBatch(indices);
  const columns = tensors.map((tensor, i) => decodeElements(tensor, dataset.columns[i].labels));
  indices.forEach((row, i) => {
    const cells = columns.map(({ name, data, labels }, c) => {
      const size = elementCount(columnTensor(dataset.columns[c], 1));
      const elements = Array.from(data.subarray(i * size, (i + 1) * size) as Iterable<number | bigint>);
      const named = labels ? elements.map((element) => labels[Number(element)]) : elements;
      return [name, dataset.columns[c].shape.length === 0 ? named[0] : named];
    });
    print({ row, ...Object.fromEntries(cells) });
  });
}
