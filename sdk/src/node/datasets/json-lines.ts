import { statSync } from 'node:fs';
import { emptyFile } from './csv.ts';
import { quoted, type Row, type RowSource, rowError } from './row.ts';
import { textOf } from './text.ts';

/** The longest line, in characters. */
const MAX_LINE = 1 << 24;

/** A file with one JSON object a line. `wanted` names the fields to read; by default those of the first object. */
export async function openJsonLines(path: string, wanted?: readonly string[]): Promise<RowSource> {
  let bytes = 0;
  const objects = () =>
    objectsOf(path, (more) => {
      bytes += more;
    });
  const names = wanted ?? (await firstKeys(objects()));
  if (!names) throw emptyFile(path);
  return {
    fields: names,
    progress: () => ({ bytes, total: statSync(path).size }),
    async *rows(): AsyncGenerator<Row> {
      bytes = 0;
      for await (const { object, line } of objects()) {
        const cells = names.map((name) => (Object.hasOwn(object, name) ? object[name] : undefined));
        yield { cells, file: path, line };
      }
    },
  };
}

async function firstKeys(objects: ReturnType<typeof objectsOf>): Promise<string[] | undefined> {
  for await (const { object } of objects) return Object.keys(object);
  return undefined;
}

async function* objectsOf(path: string, onBytes: (bytes: number) => void) {
  let line = 0;
  for await (const text of linesOf(path, onBytes)) {
    line++;
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw rowError(
        'DATASET_ROW_JSON',
        { file: path, line },
        null,
        `${quoted(text)} is not JSON`,
        'one object a line',
        cause,
      );
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw rowError(
        'DATASET_ROW_JSON',
        { file: path, line },
        null,
        `${quoted(value)} is no object`,
        'one object a line',
      );
    yield { object: value as Record<string, unknown>, line };
  }
}

async function* linesOf(path: string, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  let rest = '';
  let line = 0;
  for await (const text of textOf(path, onBytes)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    line += lines.length;
    yield* lines;
    if (rest.length > MAX_LINE) {
      const what = `a line of more than ${MAX_LINE} characters`;
      throw rowError('DATASET_ROW_TOO_LONG', { file: path, line: line + 1 }, null, what, 'write one object a line');
    }
  }
  if (rest !== '') yield rest;
}
