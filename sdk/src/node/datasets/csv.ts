import { statSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { EssaimError } from '@essaim/protocol';
import { CsvError, type Info, parse } from 'csv-parse';
import { type Row, type RowSource, rowError } from './row.ts';
import { textOf } from './text.ts';

export interface CsvOptions {
  /** Default: whichever of comma, semicolon, tab and bar the first line has most of. */
  delimiter?: string;
  /** Whether the first line names the fields; without, they are c0, c1, … Default true. */
  header?: boolean;
}

/** The longest record, in characters. */
const MAX_RECORD = 1 << 24;

/** A file of comma-separated values (RFC 4180; quoted cells may hold lines). */
export async function openCsv(path: string, { delimiter, header = true }: CsvOptions = {}): Promise<RowSource> {
  const separator = delimiter ?? (await delimiterOf(path));
  let bytes = 0;
  const records = () =>
    recordsOf(path, separator, (more) => {
      bytes += more;
    });
  const first = await firstOf(records());
  if (!first) throw emptyFile(path);
  const fields = header ? first.cells.map((name) => String(name).trim()) : first.cells.map((_, i) => `c${i}`);
  const twice = fields.findIndex((name, i) => fields.indexOf(name) < i);
  if (twice >= 0) {
    throw new EssaimError('DATASET_HEADER', `${path}:${first.line}: two columns are called "${fields[twice]}"`, {
      help: 'give each column its own name, or say that the file has no header',
      details: { file: path, line: first.line, column: fields[twice], columnIndex: twice + 1 },
    });
  }
  return {
    fields,
    progress: () => ({ bytes, total: statSync(path).size }),
    async *rows() {
      bytes = 0;
      let skip = header;
      for await (const row of records()) {
        if (!skip) yield checked(row, fields.length);
        skip = false;
      }
    },
  };
}

function checked(row: Row, fields: number): Row {
  if (row.cells.length === fields) return row;
  const what = `${row.cells.length} cells where the first line has ${fields}`;
  throw rowError('DATASET_ROW_RAGGED', row, null, what, 'check the line’s delimiters and quotes');
}

async function* recordsOf(path: string, delimiter: string, onBytes: (bytes: number) => void): AsyncGenerator<Row> {
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
  });
  pipeline(Readable.from(textOf(path, onBytes)), parser, () => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      const within = record.reduce((lines, cell) => lines + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
      yield { cells: record, file: path, line: info.lines - within };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = Number((cause as unknown as { lines?: number }).lines ?? parser.info.lines);
    const tooLong = cause.code === 'CSV_MAX_RECORD_SIZE';
    throw rowError(
      tooLong ? 'DATASET_ROW_TOO_LONG' : 'DATASET_ROW_QUOTES',
      { file: path, line },
      null,
      tooLong ? `a record of more than ${MAX_RECORD} characters` : 'a quote is opened or closed where it cannot be',
      'write a quote within a quoted cell twice, and close each quoted cell',
      cause,
    );
  }
}

async function delimiterOf(path: string): Promise<string> {
  let start = '';
  for await (const text of textOf(path, () => undefined)) {
    start += text;
    if (start.includes('\n')) break;
  }
  const line = start.split('\n', 1)[0].replace(/"[^"]*"/g, '');
  const count = (mark: string) => line.split(mark).length;
  return [',', ';', '\t', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

async function firstOf(rows: AsyncGenerator<Row>): Promise<Row | undefined> {
  for await (const row of rows) return row;
  return undefined;
}

export const emptyFile = (path: string): EssaimError =>
  new EssaimError('DATASET_EMPTY', `${path} has no rows`, { help: 'a data set has at least one row' });
