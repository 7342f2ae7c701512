/** A window onto the sheet of a tensor in which an element lies: its last two axes. */
export interface Sheet {
  /** Of the whole sheet. */
  readonly rows: number;
  readonly columns: number;
  /** The element's. */
  readonly row: number;
  readonly column: number;
  /** First and number of rows and columns that are shown. */
  readonly firstRow: number;
  readonly shownRows: number;
  readonly firstColumn: number;
  readonly shownColumns: number;
  /** Coordinates of the sheet in the axes before the last two, and how many sheets there are. */
  readonly before: readonly number[];
  readonly sheets: number;
}

/** The window around `at` of at most `most` rows and columns. */
export function sheetOf(
  dims: readonly number[],
  at: readonly number[],
  most: { rows: number; columns: number },
): Sheet {
  const columns = dims.at(-1) ?? 1;
  const rows = dims.at(-2) ?? 1;
  const column = at.at(-1) ?? 0;
  const row = at.at(-2) ?? 0;
  const outer = dims.slice(0, -2);
  const [firstRow, shownRows] = windowAround(row, rows, most.rows);
  const [firstColumn, shownColumns] = windowAround(column, columns, most.columns);
  return {
    ...{ rows, columns, row, column, firstRow, shownRows, firstColumn, shownColumns },
    before: at.slice(0, -2),
    sheets: outer.reduce((product, size) => product * size, 1),
  };
}

function windowAround(at: number, size: number, most: number): [first: number, shown: number] {
  const shown = Math.min(size, most);
  return [Math.max(0, Math.min(size - shown, at - Math.floor(shown / 2))), shown];
}
