import { EssaimError } from '@essaim/protocol';

/** One row as a source gives it: a cell for each field of the source. */
export interface Row {
  readonly cells: readonly unknown[];
  readonly file: string;
  /** Line in the file, from 1; null where files have no lines. */
  readonly line: number | null;
}

/** Rows of any file format, read by streaming. */
export interface RowSource {
  /** Names of a row's cells. */
  readonly fields: readonly string[];
  rows(): AsyncGenerator<Row>;
  /** Bytes read so far, and of all files. */
  progress(): { bytes: number; total: number };
}

/** The error for one cell, or one row where `field` is null: message and details name file, line and column. */
export function rowError(
  code: `DATASET_ROW_${string}`,
  row: Pick<Row, 'file' | 'line'>,
  field: { name: string; index: number } | null,
  what: string,
  help: string,
  cause?: unknown,
): EssaimError {
  const line = row.line === null ? '' : `:${row.line}`;
  const column = field ? `, column "${field.name}"` : '';
  return new EssaimError(code, `${row.file}${line}${column}: ${what}`, {
    help,
    cause,
    details: {
      file: row.file,
      line: row.line,
      column: field?.name ?? null,
      columnIndex: field ? field.index + 1 : null,
    },
  });
}

/** A cell's text as messages quote it. */
export function quoted(cell: unknown): string {
  const text = typeof cell === 'string' ? `"${cell}"` : String(typeof cell === 'object' ? JSON.stringify(cell) : cell);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
