import { EssaimError } from '@essaim/protocol';
import type { ColumnSchema, DatasetSchema } from './schema.ts';
import type { AnySource } from './source.ts';

/** How many rows are looked at. */
const LOOK = 1000;
const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
const WHOLE = /^\s*[+-]?\d{1,18}\s*$/;

/**
 * A schema for a source that came without one, from its first thousand rows: array files and pictures keep their type;
 * texts are
 * uint8 bytes; lists of numbers and numbered fields (`p0`, `p1`, …) become one float32 column, other whole numbers int64, other
 * numbers float32, true and false bool, and texts int64 labels.
 */
export async function inferSchema(source: AnySource): Promise<DatasetSchema> {
  if (source.format === 'images') return imageSchema(source);
  if (source.headers) {
    const columns = source.headers.map(({ dtype, shape }, i) => ({
      name: nameOf(source.fields[i]),
      dtype,
      shape: shape.slice(1),
      from: [source.fields[i]],
    }));
    return { columns };
  }
  if (source.format === 'text') {
    for await (const { cells } of source.rows()) {
      const shape = [(cells[0] as Uint8Array).length];
      return { columns: source.fields.map((name) => ({ name, dtype: 'uint8', shape, from: [name] })) };
    }
  }
  const seen: unknown[][] = source.fields.map(() => []);
  let rows = 0;
  for await (const { cells } of source.rows()) {
    cells.forEach((cell, i) => {
      if (cell !== undefined && cell !== null && cell !== '') seen[i].push(cell);
    });
    if (++rows === LOOK) break;
  }
  const kinds = seen.map(kindOf);
  const columns: ColumnSchema[] = [];
  for (let i = 0; i < kinds.length; ) {
    const run = runFrom(source.fields, kinds, i);
    const from = source.fields.slice(i, i + run);
    const stem = from[0].replace(/\d+$/, '').replace(/[_.-]$/, '');
    if (run > 1) columns.push({ name: nameOf(stem), dtype: 'float32', shape: [run], from });
    else columns.push({ name: nameOf(from[0]), from, ...kinds[i] });
    i += run;
  }
  const twice = columns.find(({ name }, i) => columns.findIndex((other) => other.name === name) < i);
  if (twice) {
    throw new EssaimError('DATASET_SCHEMA', `two columns would be called ${twice.name}`, {
      help: 'give a schema: it says which fields make which column',
    });
  }
  return { columns };
}

type Kind = Pick<ColumnSchema, 'dtype' | 'shape' | 'labels'>;

function kindOf(cells: readonly unknown[]): Kind {
  const first = cells[0];
  if (Array.isArray(first)) return { dtype: 'float32', shape: shapeOf(first) };
  if (cells.length > 0 && cells.every((cell) => typeof cell === 'boolean')) return { dtype: 'bool', shape: [] };
  const are = (type: RegExp) => cells.length > 0 && cells.every((cell) => type.test(String(cell)));
  if (are(WHOLE)) return { dtype: 'int64', shape: [] };
  if (are(DECIMAL)) return { dtype: 'float32', shape: [] };
  return { dtype: 'int64', shape: [], labels: true };
}

const shapeOf = (cell: unknown): number[] =>
  Array.isArray(cell) ? [cell.length, ...(cell.length > 0 ? shapeOf(cell[0]) : [])] : [];

/** How many fields from `first` on are numbered one after the other and hold numbers. */
function runFrom(fields: readonly string[], kinds: readonly Kind[], first: number): number {
  const [, stem, number] = /^(.*?)(\d+)$/.exec(fields[first]) ?? [];
  const isNumber = (i: number) => !kinds[i].labels && kinds[i].shape.length === 0 && kinds[i].dtype !== 'bool';
  if (number === undefined || !isNumber(first)) return 1;
  let run = 1;
  while (first + run < fields.length && isNumber(first + run)) {
    const [, again, next] = /^(.*?)(\d+)$/.exec(fields[first + run]) ?? [];
    if (again !== stem || Number(next) !== Number(number) + run) break;
    run++;
  }
  return run;
}

function imageSchema(source: AnySource): DatasetSchema {
  const { images, width, height } = source;
  const { channels, layout } = images!;
  const shape = layout === 'chw' ? [channels, height!, width!] : [height!, width!, channels];
  const image: ColumnSchema = { name: 'image', dtype: 'float32', shape, from: ['image'], scale: 1 / 255 };
  const label: ColumnSchema = { name: 'label', dtype: 'int64', shape: [], from: ['label'], labels: true };
  return { columns: source.isLabelled ? [image, label] : [image], images };
}

/** A field's name as a column may be called. */
const nameOf = (field: string): string =>
  field
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^(?![A-Za-z_])/, '_')
    .slice(0, 63);
